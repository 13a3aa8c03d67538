import { setTimeout as sleep } from "node:timers/promises";

import { actor, event, queue, UserError } from "rivetkit";

/**
 * How often each actor was told what, by its id. What an actor has saved, the engine may forget when it sleeps; this process lives as
 * long as the test.
 */
const told = new Map();

/** Counts what it is told, by name: calls, messages and requests alike. It falls asleep at once where nobody wants anything. */
export const witness = actor({
  options: { sleepTimeout: 300 },

  createState: () => ({ counts: {}, facts: {} }),

  events: { told: event() },

  onRequest: async (c, request) => Response.json(await tell(c, new URL(request.url).pathname.slice(1))),

  actions: {
    report,

    tell: (c, name, milliseconds) => tell(c, name, milliseconds),

    /** Makes something a fact, and counts as told by the name of the fact. */
    establish: async (c, name, value) => {
      c.state.facts[name] = value;
      await tell(c, name);
    },
  },
});

/** The same with a queue, which it works off as long as it lives. */
export const clerk = actor({
  createState: () => ({ counts: {}, facts: {} }),

  events: { told: event() },

  queues: { work: queue() },

  run: async (c) => {
    for await (const message of c.queue.iter({ completable: true })) {
      await message.complete(await tell(c, message.body.name));
    }
  },

  actions: { report },
});

/** What there is to know. Reading it counts nothing. */
function report(c) {
  return { ...c.state, told: told.get(c.actorId) ?? {} };
}

async function tell(c, name, milliseconds = 0) {
  const mine = told.get(c.actorId) ?? {};
  told.set(c.actorId, { ...mine, [name]: (mine[name] ?? 0) + 1 });
  c.state.counts[name] = (c.state.counts[name] ?? 0) + 1;
  await c.saveState({ immediate: true }); // what was said is otherwise safe only a second later
  await sleep(milliseconds);
  c.broadcast("told", name);
  return { name, said: `${name} of ${c.key.at(-1)}` };
}

/** Says what it has heard, in every spelling that it knows: in results, errors, events, its state and over HTTP. */
export const parrot = actor({
  createState: (_c, input) => ({ heard: [input] }),

  events: { said: event() },

  onBeforeConnect: (c, params) => {
    if (params !== undefined && params !== null) c.state.heard.push(params);
  },

  onRequest: async (c, request) => {
    const { pathname } = new URL(request.url);
    c.state.heard.push(decodeURIComponent(pathname), Object.fromEntries(request.headers), await request.text());
    return Response.json(spelled(c.state.heard), { status: pathname.startsWith("/fail") ? 500 : 200 });
  },

  actions: {
    hear: (c, ...args) => {
      c.state.heard.push(...args);
      c.broadcast("said", spelled(c.state.heard));
    },

    say: ({ state }) => spelled(state.heard),

    sayTo: ({ state }, ...args) => spelled([...state.heard, ...args]),

    fail: ({ state }, ...args) => {
      const said = spelled([...state.heard, ...args]);
      throw new UserError(`I have heard ${JSON.stringify(said)}`, { code: "heard", metadata: { said } });
    },
  },
});

/** All texts and numbers in what was heard, and parts of them, in every spelling. */
function spelled(heard) {
  const texts = [...new Set(texted(heard))];
  return {
    texts,
    json: JSON.stringify(texts),
    numbers: texts.map(Number).flatMap((n) => [n, n.toExponential(9), n.toFixed(2), n.toLocaleString("en"), `0x${n.toString(16)}`]),
    ascii: texts.map((t) => JSON.stringify(t).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)),
    base64: texts.flatMap((t) => ["", "x", "xy"].map((before) => Buffer.from(before + t).toString("base64"))),
    base64url: texts.map((t) => Buffer.from(t).toString("base64url")),
    hex: texts.map((t) => Buffer.from(t).toString("hex")),
    HEX: texts.map((t) => Buffer.from(t).toString("hex").toUpperCase()),
    uri: texts.map(encodeURIComponent),
    form: new URLSearchParams(texts.map((t, i) => [i, t])).toString(),
  };
}

function texted(value) {
  if (typeof value === "string") return [value, ...value.split(/[ /@:?&=]+/).filter((part) => part.length > 5)];
  if (typeof value === "number") return [String(value), value.toExponential()];
  if (value && typeof value === "object") return Object.values(value).flatMap(texted);
  return [];
}
