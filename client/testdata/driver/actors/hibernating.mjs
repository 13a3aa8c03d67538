import { actor } from "rivetkit";

/** Its WebSockets stay open while it sleeps. */
export const hibernating = actor({
  state: { woken: 0, heard: 0 },
  options: { canHibernateWebSocket: true },

  onWake: (c) => {
    c.state.woken += 1;
  },

  onWebSocket: (c, socket) => {
    socket.addEventListener("message", ({ data }) => {
      c.state.heard += 1;
      socket.send(`${data} ${c.state.heard} ${c.state.woken}`);
    });
  },

  actions: {
    woken: ({ state }) => state.woken,
  },
});
