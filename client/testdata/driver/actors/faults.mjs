import { actor, RivetError, UserError } from "rivetkit";

/** Fails in every way that an actor can, and counts how often it was asked to. */
export const faults = actor({
  state: { asked: 0 },

  onRequest: (c, request) => {
    c.state.asked += 1;
    const { searchParams } = new URL(request.url);
    if (searchParams.has("code")) throw failure(searchParams.get("group"), searchParams.get("code"));
    return new Response(null, {
      status: Number(searchParams.get("status") ?? 200),
      headers: { "x-rivet-actor": "", "x-rivet-error": "envoy.actor_not_found" },
    });
  },

  actions: {
    asked: ({ state }) => state.asked,

    fail: (c, group, code) => {
      c.state.asked += 1;
      throw failure(group, code);
    },
  },
});

/** An error with the group and code of another one, such as one that a nested call failed with. */
function failure(group, code) {
  if (group === "user") return new UserError("told to", { code });
  return new RivetError(group, code, "told to");
}
