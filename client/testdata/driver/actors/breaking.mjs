import { actor, event, queue, UserError } from "rivetkit";

/** Throws in the hook that its input, or a connection's parameters, name. */
export const breaking = actor({
  createState: (_c, input) => {
    trip("createState", input);
    return { at: input, wakes: 0, left: 0 };
  },
  createVars: (c) => trip("createVars", c.state.at) ?? {},

  events: { secret: event({ canSubscribe: (c) => trip("canSubscribe", c.conn.state.at) ?? true }), open: event() },
  queues: { work: queue({ canPublish: (c) => trip("canPublish", c.conn.state.at) ?? true }) },

  onCreate: (c) => trip("onCreate", c.state.at),
  onWake: (c) => {
    c.state.wakes += 1;
    trip("onWake", c.state.at);
  },
  onSleep: (c) => trip("onSleep", c.state.at),
  onDestroy: (c) => trip("onDestroy", c.state.at),
  onBeforeConnect: (_c, params) => trip("onBeforeConnect", params?.at),
  createConnState: (_c, params) => trip("createConnState", params?.at) ?? { at: params?.at },
  onConnect: (c, conn) => trip("onConnect", conn.state.at),
  onDisconnect: (c, conn) => {
    c.state.left += 1;
    trip("onDisconnect", conn.state.at);
  },
  onBeforeActionResponse: (c, _name, _args, output) => trip("onBeforeActionResponse", c.conn?.state?.at) ?? output,
  onRequest: (c) => trip("onRequest", c.conn?.state?.at) ?? new Response("fine"),
  onWebSocket: (c, socket) => trip("onWebSocket", c.conn?.state?.at) ?? socket.send("fine"),

  actions: {
    fine: () => "fine",
    left: ({ state }) => state.left,
    wakes: ({ state }) => state.wakes,
    tell: (c, text) => {
      c.broadcast("open", text);
    },
    leave: (c) => {
      c.destroy();
      throw new UserError("gone", { code: "gone" });
    },
    rest: (c) => {
      c.sleep();
      throw new UserError("resting", { code: "resting" });
    },
  },
});

function trip(hook, at) {
  if (at === hook) throw new UserError(`${hook} throws`, { code: "tripped", metadata: { hook } });
}
