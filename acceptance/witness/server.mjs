import { setTimeout as sleep } from "node:timers/promises";

import { actor, event, queue, setup } from "rivetkit";

/** Counts what it is told, by name: calls, messages and requests alike. It falls asleep at once where nobody wants anything. */
const witness = actor({
  options: { sleepTimeout: 300 },

  createState: () => ({ counts: {}, facts: {} }),

  events: { told: event() },

  onRequest: async (c, request) => Response.json(await tell(c, new URL(request.url).pathname.slice(1))),

  actions: {
    /** What there is to know. Reading it counts nothing. */
    report: ({ state }) => state,

    tell: (c, name, milliseconds) => tell(c, name, milliseconds),

    /** Makes something a fact, and counts as told by the name of the fact. */
    establish: async (c, name, value) => {
      c.state.facts[name] = value;
      await tell(c, name);
    },
  },
});

/** The same with a queue, which it works off as long as it lives. */
const clerk = actor({
  createState: () => ({ counts: {}, facts: {} }),

  events: { told: event() },

  queues: { work: queue() },

  run: async (c) => {
    for await (const message of c.queue.iter({ completable: true })) {
      await message.complete(await tell(c, message.body.name));
    }
  },

  actions: { report: ({ state }) => state },
});

async function tell(c, name, milliseconds = 0) {
  c.state.counts[name] = (c.state.counts[name] ?? 0) + 1;
  await sleep(milliseconds);
  c.broadcast("told", name);
  return { name, said: `${name} of ${c.key.at(-1)}` };
}

export const registry = setup({ use: { witness, clerk } });

registry.start();
