import { actor, UserError } from "rivetkit";

/** Shows what JavaScript makes of values on their way in, and sends every kind of value on its way out. */
export const values = actor({
  createState: (c, input) => ({ input, inputSeen: describe(input), keyAtCreation: c.key }),

  actions: {
    echo: (_c, ...args) => args,

    first: (_c, value) => value,

    describe: (_c, ...args) => args.map(describe),

    identity: (c) => ({ id: c.actorId, name: c.name, key: c.key, keyAtCreation: c.state.keyAtCreation }),

    input: ({ state }) => state.input,

    describeInput: ({ state }) => state.inputSeen,

    kinds: () => Object.keys(samples),

    sample: (_c, kind) => {
      if (!Object.hasOwn(samples, kind)) {
        throw new UserError(`no sample of kind ${kind}`, { code: "unknown_kind", metadata: { kind } });
      }
      return samples[kind]();
    },
  },
});

const samples = {
  undefined: () => undefined,
  null: () => null,
  boolean: () => true,
  integer: () => 42,
  negativeZero: () => -0,
  fraction: () => 0.1,
  aboveUint32: () => 2 ** 32,
  maxSafeInteger: () => Number.MAX_SAFE_INTEGER,
  nan: () => NaN,
  infinity: () => Infinity,
  bigint: () => 2n ** 64n,
  string: () => "Grüße, 世界 😀",
  bytes: () => new Uint8Array([0, 1, 254, 255]),
  date: () => new Date("2024-02-29T12:34:56.789Z"),
  set: () => new Set([1, "two"]),
  map: () => new Map([["one", 1]]),
  float64Array: () => new Float64Array([0.5, 1.5]),
  dollarPair: () => ["$price", 5],
  nested: () => ({ list: [1, { when: new Date(0) }], nothing: null, missing: undefined, big: 7n }),
};

/** A plain description of any value: its type, and the value in a form that JSON carries unharmed. */
function describe(value) {
  if (value === null) return { type: "null" };
  if (Array.isArray(value)) return { type: "array", items: value.map(describe) };
  if (typeof value === "object") return describeObject(value);
  return value === undefined ? { type: "undefined" } : { type: typeof value, value: spell(value) };
}

function describeObject(value) {
  if (value instanceof Date) return { type: "Date", value: value.toISOString() };
  if (value instanceof Uint8Array) return { type: "Uint8Array", value: Buffer.from(value).toString("hex") };
  if (value instanceof Set) return { type: "Set", items: [...value].map(describe) };
  if (value instanceof Map) return { type: "Map", items: [...value].map(describe) };
  if (ArrayBuffer.isView(value)) return { type: value.constructor.name, items: [...value].map(describe) };
  return {
    type: "object",
    fields: Object.fromEntries(Object.entries(value).map(([name, field]) => [name, describe(field)])),
  };
}

/** Numbers are spelled out, since JSON has no NaN, no Infinity, no -0 and no BigInt. */
function spell(value) {
  if (Object.is(value, -0)) return "-0";
  return typeof value === "number" || typeof value === "bigint" ? String(value) : value;
}
