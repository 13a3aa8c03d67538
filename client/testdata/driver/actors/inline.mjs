import { actor } from "rivetkit";

/** Calls other actors, by the client that actors have. */
export const inline = actor({
  state: {},
  actions: {
    increment: async (c, key, by) => await c.client().counter.getOrCreate(key).increment(by),

    passOn: async (c, key, group, code) => await c.client().faults.getOrCreate(key).fail(group, code),

    catching: async (c, key, code) => {
      try {
        await c.client().faults.getOrCreate(key).fail("user", code);
      } catch (error) {
        return { group: error.group, code: error.code, message: error.message };
      }
    },

    listen: async (c, key) => {
      const conn = c.client().chatRoom.getOrCreate(key).connect();
      try {
        const heard = new Promise((resolve) => conn.once("topicChanged", resolve));
        await conn.ready;
        await conn.getRoomInfo();
        await conn.setTopic("heard inside");
        return await heard;
      } finally {
        await conn.dispose();
      }
    },

    post: async (c, key, id) => {
      const { response } = await c.client().jobs.getOrCreate(key).send("work", { id }, { wait: true, timeout: 5000 });
      return response;
    },

    fetch: async (c, key, path) => {
      const response = await c.client().httpApi.getOrCreate(key).fetch(path);
      return { status: response.status };
    },

    create: async (c, key) => {
      const handle = await c.client().counter.create(key, { input: { start: 40 } });
      return await handle.increment(2);
    },
  },
});
