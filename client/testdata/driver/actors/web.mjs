import { actor, UserError } from "rivetkit";

/** Answers HTTP requests and WebSockets in many ways. */
export const web = actor({
  state: { sockets: 0 },

  onRequest: async (c, request) => {
    const url = new URL(request.url);
    switch (url.pathname.split("/")[1]) {
      case "url":
        return Response.json({ url: request.url.replace(/^https?:\/\/[^/]*/, "") });
      case "full":
        return Response.json({ url: request.url });
      case "headers":
        return new Response("ok", {
          status: 201,
          headers: [["x-one", request.headers.get("x-mine") ?? "none"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]],
        });
      case "body":
        return new Response(await request.arrayBuffer(), { headers: { "content-type": "application/octet-stream" } });
      case "length":
        return Response.json({ length: (await request.arrayBuffer()).byteLength });
      case "large":
        return new Response("x".repeat(Number(url.searchParams.get("bytes"))));
      case "redirect":
        return new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/elsewhere" } });
      case "user":
        throw new UserError("no", { code: "refused", metadata: { path: url.pathname } });
      case "bug":
        throw new Error("a bug");
      case "state":
        c.state.sockets += 1;
        return Response.json(c.state);
      default:
        return new Response(`${request.method} ${url.pathname}`, { status: Number(url.searchParams.get("status") ?? 200) });
    }
  },

  onWebSocket: (c, socket) => {
    c.state.sockets += 1;
    socket.addEventListener("message", ({ data }) => {
      if (data === "close") socket.close(4001, "as you wish");
      else if (data === "url") socket.send(c.request.url.replace(/^\w+:\/\/[^/]*/, ""));
      else if (data === "sockets") socket.send(String(c.state.sockets));
      else socket.send(data);
    });
    socket.send("welcome");
  },

  actions: {
    sockets: ({ state }) => state.sockets,
  },
});

/** Has neither handler. */
export const mute = actor({ state: {}, actions: { ping: () => "pong" } });
