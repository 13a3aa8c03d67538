import { actor, UserError } from "rivetkit";

/** Writes down what RivetKit calls, in a notebook that outlives it. */
export const hooks = actor({
  createState: (_c, input) => ({ input: input ?? null, notebook: input?.notebook, woken: 0, changes: 0, saved: 0 }),
  createVars: () => ({ since: 0 }),

  onCreate: (c, input) => note(c, `create ${input?.notebook ? "with" : "without"} input`),
  onWake: (c) => {
    c.state.woken += 1;
    return note(c, "wake");
  },
  onSleep: (c) => note(c, "sleep"),
  onDestroy: (c) => note(c, "destroy"),
  onBeforeActionResponse: (_c, name, _args, output) => (name === "decorated" ? { ...output, decorated: true } : output),

  actions: {
    woken: ({ state }) => state.woken,
    input: ({ state }) => state.input,
    identity: (c) => ({ name: c.name, key: c.key.slice(-2) }),
    decorated: () => ({ plain: true }),
    count: (c) => {
      c.vars.since += 1;
      c.state.saved += 1;
      return [c.vars.since, c.state.saved];
    },
    save: async (c, n) => {
      c.state.saved = n;
      await c.saveState({ immediate: true });
    },
    rest: (c) => {
      c.sleep();
    },
    leave: (c) => {
      c.destroy();
      return "bye";
    },
  },
});

async function note(c, text) {
  if (c.state.notebook) await c.client().notebook.getOrCreate(c.state.notebook).add(text);
}

/** Keeps notes. */
export const notebook = actor({
  state: { notes: [] },
  actions: {
    add: (c, text) => {
      c.state.notes.push(text);
    },
    read: ({ state }) => state.notes,
  },
});

/** Cannot start unless its input lets it. */
export const fragile = actor({
  createState: (_c, input) => {
    if (input?.broken === "user") throw new UserError("not like this", { code: "bad_input" });
    if (input?.broken) throw new Error("cannot start");
    return { fine: true };
  },
  actions: { fine: ({ state }) => state.fine },
});
