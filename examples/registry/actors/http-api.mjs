import { actor, event } from "rivetkit";

/**
 * Speaks plain HTTP and WebSocket.
 *
 *   /status/NNN    answers with that status
 *   /items/NAME    PUT stores a JSON document, GET returns it, DELETE removes it; those who listen hear of both
 *   anything else  answers with what was asked: method, path, query, headers and body
 */
export const httpApi = actor({
  createState: () => ({ items: {} }),

  events: { itemChanged: event() },

  onRequest: async (c, request) => {
    const { pathname } = new URL(request.url);
    const [, collection, name] = pathname.split("/");
    if (collection === "status") return new Response(null, { status: Number(name) });
    if (collection === "items" && name) return item(c, decodeURIComponent(name), request);
    return echo(request);
  },

  onWebSocket: (_c, websocket) => {
    websocket.addEventListener("message", ({ data }) => websocket.send(data));
  },

  actions: {
    items: ({ state }) => state.items,
  },
});

async function item(c, name, request) {
  const { items } = c.state;
  const existed = Object.hasOwn(items, name);
  switch (request.method) {
    case "PUT":
      items[name] = await request.json();
      c.broadcast("itemChanged", name);
      return Response.json(items[name], { status: existed ? 200 : 201 });
    case "DELETE":
      delete items[name];
      c.broadcast("itemChanged", name);
      return new Response(null, { status: 204 });
    default:
      return existed ? Response.json(items[name]) : Response.json({ error: `no item ${name}` }, { status: 404 });
  }
}

async function echo(request) {
  const url = new URL(request.url);
  return Response.json({
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
}
