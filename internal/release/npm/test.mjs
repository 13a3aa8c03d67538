import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { binary } from "./binary.mjs";

// The workers of a runner that is killed live on, and would wait for a Rivet that went with it.
if (process.env.VITEST || process.env.NODE_TEST_CONTEXT) {
  const runner = process.ppid;
  setInterval(() => process.ppid === runner || process.kill(process.pid), 1000).unref();
}

/** Seeds actors for one test. See test.d.ts for what everything here promises. */
export async function fixture(configuration, { vars = {} } = {}) {
  const values = json(vars);
  await serve();
  const path = configuration instanceof URL ? fileURLToPath(configuration) : configuration;
  const riveter = start("fixture", "-var-stdin", path);
  riveter.tell(values);
  const seed = async () => JSON.parse(await riveter.line());
  let seeded = await seed();

  return {
    get endpoint() { return seeded.endpoint; },
    get namespace() { return seeded.namespace; },
    get outputs() { return seeded.outputs; },
    key: (...parts) => [...seeded.key_prefix, ...parts],
    async reset() {
      riveter.tell("again");
      seeded = await seed();
    },
    dispose: riveter.end,
    [Symbol.asyncDispose]: riveter.end,
  };
}

let serving; // the Rivet that this process has started, or starts

/** Starts a Rivet, unless RIVET_ENDPOINT says that there is one. */
export async function serve({ registry, command } = {}) {
  if (serving === undefined && process.env.RIVET_ENDPOINT) return async () => {};
  serving ??= startRivet(registry, command).catch((error) => {
    serving = undefined;
    throw error;
  });
  return await serving;
}

async function startRivet(registry, command) {
  const flags = [registry && `-registry=${registry}`, command && `-registry-command=${command}`];
  const riveter = start("dev", "-serve", "-stdin", "-quiet", ...flags.filter(Boolean));
  const endpoint = await riveter.line();
  Object.assign(process.env, { RIVET_ENDPOINT: endpoint, RIVET_NAMESPACE: "default" });
  delete process.env.RIVET_TOKEN;
  return async () => {
    serving = undefined;
    delete process.env.RIVET_ENDPOINT;
    await riveter.end();
  };
}

/**
 * Starts a riveter that lives as long as its standard input is open, which the kernel closes when this process dies. It keeps
 * nobody from ending, except while it is waited for.
 */
function start(...args) {
  const child = spawn(binary(), args, { detached: true }); // a terminal's Ctrl-C is for this process
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => { said += text; });
  child.stdin.on("error", () => {}); // that it has ended is told below
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const end = signal ? `was ended by ${signal}` : "failed";
      return code === 0 ? resolve() : reject(new Error([`riveter ${args[0]} ${end}`, said.trim()].filter(Boolean).join(":\n")));
    });
  });
  ended.catch(() => {}); // those who wait are told
  for (const part of [child, child.stdin, child.stdout, child.stderr]) part.unref?.();

  let waiting = 0;
  const waitFor = async (promise) => {
    if (waiting++ === 0) child.ref();
    try {
      return await promise;
    } finally {
      if (--waiting === 0) child.unref();
    }
  };
  return {
    tell: (line) => child.stdin.write(`${line}\n`),
    line: () => waitFor(lines.next().then(async ({ value, done }) => {
      if (!done) return value;
      await ended;
      throw new Error(`riveter ${args[0]} has ended`);
    })),
    end: () => {
      child.stdin.end();
      return waitFor(ended);
    },
  };
}

/** Writes values of variables as JSON. What that would leave out, or make something else of, is refused. */
function json(vars) {
  if (kindOf(vars) !== "Object") throw new TypeError(`vars is an object with a value for each variable, and no ${kindOf(vars)}`);
  for (const [name, value] of Object.entries(vars)) {
    try {
      JSON.stringify(value, checked);
    } catch (error) {
      throw new TypeError(`the variable ${name}: ${error.message}`, { cause: error });
    }
  }
  return JSON.stringify(vars);
}

function checked(name, value) {
  const given = this[name]; // of which JSON.stringify has asked what it says of itself
  const kind = ArrayBuffer.isView(given) ? kindOf(given) : kindOf(value);
  if (value === null && given !== null) throw new TypeError(`JSON has no such ${kindOf(given)}`);
  if (value === undefined && Array.isArray(this)) throw new TypeError("JSON has no undefined in an Array");
  if (Number.isFinite(value) || ["Array", "Boolean", "Null", "Object", "String", "Undefined"].includes(kind)) return value;
  throw new TypeError(`JSON has no ${kind === "Number" ? value : kind}`);
}

const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
