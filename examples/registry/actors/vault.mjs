import { actor, UserError } from "rivetkit";

/** Talks only to those who connect with the token that it was created with. */
export const vault = actor({
  createState: (_c, input) => ({ token: input.token, secrets: input.secrets ?? {} }),

  onBeforeConnect: (c, params) => {
    if (params?.token !== c.state.token) {
      throw new UserError("the token parameter does not open this vault", {
        code: "forbidden",
        metadata: { parameter: "token" },
      });
    }
  },

  createConnState: (_c, params) => ({ user: params.user ?? "anonymous" }),

  actions: {
    whoami: (c) => c.conn.state.user,

    names: ({ state }) => Object.keys(state.secrets),

    reveal: ({ state }, name) => state.secrets[name],

    store: (c, name, secret) => {
      c.state.secrets[name] = secret;
    },
  },
});
