import { setTimeout as sleep } from "node:timers/promises";

import { actor, event, queue } from "rivetkit";

/** Works off its queue, one message after the other; who waits for a message gets a receipt, and who listens hears of all. */
export const jobs = actor({
  createState: () => ({ processed: [] }),

  queues: { work: queue() },

  events: { done: event() },

  run: async (c) => {
    for await (const message of c.queue.iter({ completable: true })) {
      const { id, milliseconds = 0 } = message.body;
      await sleep(milliseconds);
      c.state.processed.push(id);
      c.broadcast("done", id);
      await message.complete({ id, position: c.state.processed.length });
    }
  },

  actions: {
    processed: ({ state }) => state.processed,
  },
});
