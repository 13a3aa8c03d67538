import { setTimeout as sleep } from "node:timers/promises";

import { actor, event } from "rivetkit";

/** Does things later, takes its time, and has limits. */
export const timing = actor({
  state: { rung: [], done: 0 },
  events: { rang: event() },
  options: { actionTimeout: 400 },

  actions: {
    ring: (c, name) => {
      c.state.rung.push(name);
      c.broadcast("rang", name);
    },
    rung: ({ state }) => state.rung,
    after: async (c, milliseconds, name) => {
      await c.schedule.after(milliseconds, "ring", name);
    },
    at: async (c, milliseconds, name) => {
      await c.schedule.at(Date.now() + milliseconds, "ring", name);
    },
    slow: async (c, milliseconds, value) => {
      await sleep(milliseconds);
      c.state.done += 1;
      return value;
    },
    done: ({ state }) => state.done,
    rest: (c) => {
      c.sleep();
    },
  },
});

/** Takes and gives much. */
export const sizes = actor({
  state: {},
  events: { large: event() },
  actions: {
    length: (_c, text) => text.length,
    text: (_c, length) => "x".repeat(length),
    list: (_c, length) => Array.from({ length }, (_, i) => ({ i, name: `item ${i}` })),
    deep: (_c, depth) => {
      let value = "bottom";
      for (let i = 0; i < depth; i += 1) value = { value };
      return value;
    },
    shout: (c, length) => {
      c.broadcast("large", "x".repeat(length));
    },
    echo: (_c, value) => value,
  },
});
