import { actor, event, queue, UserError } from "rivetkit";

/** Lets those in who say a word, and each of them do what their role may. */
export const access = actor({
  state: { received: [] },

  onBeforeConnect: (_c, params) => {
    if (params?.word !== "sesame") throw new UserError("say the word", { code: "forbidden" });
  },

  createConnState: (_c, params) => ({ role: params?.role ?? "guest" }),

  events: {
    open: event(),
    secret: event({ canSubscribe: (c) => c.conn.state.role === "admin" }),
    slow: event({
      canSubscribe: async () => {
        await new Promise((resolve) => setTimeout(resolve, 150));
        return true;
      },
    }),
  },

  queues: {
    open: queue(),
    secret: queue({ canPublish: (c) => c.conn.state.role === "admin" }),
  },

  actions: {
    role: (c) => c.conn.state.role,
    admin: (c) => {
      if (c.conn.state.role !== "admin") throw new UserError("for admins only", { code: "not_admin" });
      return "welcome";
    },
    tell: (c, event, text) => {
      c.broadcast(event, text);
    },
  },

  onRequest: (c) => Response.json({ role: c.conn?.state?.role ?? null }),
});
