import { actor, event, queue } from "rivetkit";
import { Loop, workflow } from "rivetkit/workflow";

/** A workflow of steps, a pause and a loop over a queue. */
export const flow = actor({
  state: { steps: [], orders: [] },
  events: { step: event() },
  queues: { orders: queue() },

  run: workflow(async (ctx) => {
    await ctx.step("prepare", async (c) => note(c, "prepared"));
    await ctx.sleep("pause", 50);
    await ctx.step("begin", async (c) => note(c, "begun"));
    await ctx.loop("orders", async (loop) => {
      const message = await loop.queue.next("next order", { completable: true });
      await loop.step("handle", async (c) => {
        c.state.orders.push(message.body.item);
        c.broadcast("step", message.body.item);
      });
      await message.complete({ handled: message.body.item });
      return message.body.last ? Loop.break() : Loop.continue();
    });
    await ctx.step("end", async (c) => note(c, "ended"));
  }),

  actions: {
    steps: ({ state }) => state.steps,
    orders: ({ state }) => state.orders,
  },
});

function note(c, text) {
  c.state.steps.push(text);
  c.broadcast("step", text);
}
