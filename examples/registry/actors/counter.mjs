import { actor } from "rivetkit";

/** Counts, and counts the calls that could have changed it: what was called, and what was not, can be proven. */
export const counter = actor({
  createState: (_c, input) => ({
    count: input?.start ?? 0,
    calls: 0,
    wakes: 0,
  }),

  onWake: (c) => {
    c.state.wakes += 1;
  },

  actions: {
    get: ({ state }) => state.count,

    increment: counted((c, by = 1) => {
      c.state.count += by;
      return c.state.count;
    }),

    set: counted((c, count) => {
      c.state.count = count;
    }),

    stats: {
      /** The calls made so far; the read-only ones (get, stats.calls, stats.wakes) do not count. */
      calls: ({ state }) => state.calls,

      /** How often the actor has been started, the first time included. */
      wakes: ({ state }) => state.wakes,

      reset: (c) => {
        c.state.calls = 0;
        c.state.wakes = 0;
      },
    },
  },
});

function counted(action) {
  return (c, ...args) => {
    c.state.calls += 1;
    return action(c, ...args);
  };
}
