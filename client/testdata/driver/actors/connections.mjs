import { actor, event, UserError } from "rivetkit";

/** Knows its connections: who is there, with which parameters and state, and what became of them. */
export const connections = actor({
  createState: () => ({ log: [] }),

  events: { said: event(), note: event(), hello: event() },

  onBeforeConnect: (_c, params) => {
    if (params?.deny) throw new UserError("not with these parameters", { code: params.deny, metadata: { denied: true } });
    if (params?.bug) throw new Error("a bug in onBeforeConnect");
  },

  createConnState: (_c, params) => ({ name: params?.name ?? "nobody", visits: 0, params }),

  onConnect: (c, conn) => {
    c.state.log.push(`+${conn.state.name}`);
    if (conn.state.params?.greet) conn.send("hello", conn.state.name);
    if (conn.state.params?.kick) conn.disconnect("kicked");
  },

  onDisconnect: (c, conn) => {
    c.state.log.push(`-${conn.state.name}`);
  },

  actions: {
    me: (c) => ({ name: c.conn.state.name, params: c.conn.params ?? null }),

    visit: (c) => {
      c.conn.state.visits += 1;
      return c.conn.state.visits;
    },

    rename: (c, name) => {
      c.conn.state.name = name;
    },

    names: (c) => [...c.conns.values()].map((conn) => conn.state.name).sort(),

    isMe: (c, id) => c.conn.id === id,

    log: ({ state }) => state.log,

    say: (c, ...words) => {
      c.broadcast("said", ...words);
    },

    whisper: (c, name, text) => {
      for (const conn of c.conns.values()) if (conn.state.name === name) conn.send("said", text);
    },

    reply: (c, text) => {
      c.conn.send("said", text);
    },

    throwOut: (c, name, reason) => {
      for (const conn of c.conns.values()) if (conn.state.name === name) conn.disconnect(reason);
    },

    fail: () => {
      throw new UserError("told to", { code: "told", metadata: { by: "you" } });
    },
  },
});
