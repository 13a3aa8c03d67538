import { actor, UserError } from "rivetkit";

/** Counts every call by its name, and fails those that it was told to: what is called, how often, and when not, can be proven. */
export const probe = actor({
  createState: (_c, input) => ({ calls: {}, facts: {}, broken: input?.broken ?? [], open: input?.open ?? false }),

  actions: {
    /** What there is to know. Reading it counts nothing. */
    report: ({ state }) => state,

    call: (c, name) => count(c.state, name),

    /** Gives something that nobody can guess, and another one each time. */
    mint: (c, name) => {
      count(c.state, name);
      return { secret: crypto.randomUUID() };
    },

    /** Makes another probe, as a coordinator or a matchmaker does, and gives its key. */
    spawn: async (c, name, key, input) => {
      count(c.state, name);
      await c.client().probe.getOrCreate(key, { createWithInput: input }).report();
      return { key };
    },

    /** Asks a counter, which it makes where there is none. */
    ask: (c, name, key) => {
      count(c.state, name);
      return c.client().counter.getOrCreate(key).get();
    },

    /** Makes something a fact, and counts as a call with the name of the fact. */
    establish: (c, name, value) => {
      count(c.state, name);
      c.state.facts[name] = value;
    },

    /** Changes the rest, as somebody else would. */
    tamper: (c, changes) => {
      Object.assign(c.state, changes);
    },
  },
});

function count(state, name) {
  state.calls[name] = (state.calls[name] ?? 0) + 1;
  if (state.broken.includes(name)) throw new UserError(`${name} is broken`, { code: "broken" });
}
