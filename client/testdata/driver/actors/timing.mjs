import { setTimeout as sleep } from "node:timers/promises";

import { actor, event } from "rivetkit";

/** Does things later, and takes its time. */
export const timing = actor({
  state: { rung: [] },
  events: { rang: event() },

  actions: {
    ring: (c, name) => {
      c.state.rung.push(name);
      c.broadcast("rang", name);
    },
    rung: ({ state }) => state.rung,
    after: async (c, milliseconds, name) => {
      await c.schedule.after(milliseconds, "ring", name);
    },
    each: async (c, ...calls) => {
      for (const [milliseconds, name] of calls) await c.schedule.after(milliseconds, "ring", name);
    },
    at: async (c, milliseconds, name) => {
      await c.schedule.at(Date.now() + milliseconds, "ring", name);
    },
    slow: async (_c, milliseconds, value) => {
      await sleep(milliseconds);
      return value;
    },
  },
});

/** Gives its actions a second. */
export const hasty = actor({
  state: { done: 0 },
  options: { actionTimeout: 1000 },

  actions: {
    slow: async (c, milliseconds, value) => {
      await sleep(milliseconds);
      c.state.done += 1;
      return value;
    },
    done: ({ state }) => state.done,
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
