// The JavaScript column of the driver suite: it carries out scripts, one a line of standard input, with RivetKit's
// own client, and writes what came of their steps, one line for each script. The Go column is column_test.go; what a
// step does and how its outcome is written is the same in both.
import { createInterface } from "node:readline";

import { createClient } from "rivetkit/client";

// More than the half minute for which the engine loses the start of one actor in some hundreds; not so where the script
// knows that RivetKit's client will not come to it.
const patience = 150_000;
const briefly = 3_000;

createInterface({ input: process.stdin }).on("line", async (line) => {
  const script = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: script.id, outcomes: await carryOut(script) })}\n`);
});

async function carryOut({ endpoint, encoding, key, steps }) {
  const column = new Column(createClient({ endpoint, encoding }), endpoint, key);
  const outcomes = [];
  for (const step of steps) {
    // What follows a start that the engine has lost would wait for what cannot come; the case is carried out once more.
    if (outcomes.some(({ error }, n) => /^(guard|pegboard)\./.test(error?.code) && !steps[n].fails)) {
      outcomes.push({ error: { message: "not carried out" } });
      continue;
    }
    try {
      outcomes.push({ value: write(await inTime(column[step.verb]({ ...step, args: ownKey(step.args, key) }), step.differs ? briefly : patience)) });
    } catch (error) {
      outcomes.push({ error: failure(error) });
    }
  }
  await column.end();
  return outcomes;
}

class Column {
  constructor(client, endpoint, key) {
    Object.assign(this, { client, endpoint, key, named: {}, ends: [], failed: new Map() });
  }

  async end() {
    for (const end of this.ends) await Promise.race([Promise.resolve(end()).catch(() => {}), delay(1000)]);
    await Promise.race([this.client.dispose(), delay(1000)]);
  }

  keep({ out }, value) {
    this.named[out] = value;
  }

  subject({ on }) {
    return this.named[on];
  }

  keyOf(options) {
    return options?.exact ?? [...this.key, ...(options?.key ?? [])];
  }

  settings(options) {
    const settings = {};
    for (const name of ["params", "input"]) if (options && name in options) settings[name] = read(options[name]);
    if (options?.source) {
      let asked = 0;
      settings.getParams = async () => {
        asked += 1;
        if (asked <= (options.source.fail ?? 0)) throw new Error("no parameters yet");
        return { ...options.source.params, asked };
      };
    }
    if (options?.skipReadyWait) settings.skipReadyWait = true;
    return settings;
  }

  async getOrCreate(step) {
    const [name, options] = step.args;
    const { input, ...settings } = this.settings(options);
    const creation = input === undefined ? {} : { createWithInput: input };
    this.keep(step, this.client[name].getOrCreate(this.keyOf(options), { ...settings, ...creation }));
  }

  async get(step) {
    const [name, options] = step.args;
    this.keep(step, this.client[name].get(this.keyOf(options), this.settings(options)));
  }

  async create(step) {
    const [name, options] = step.args;
    this.keep(step, await this.client[name].create(this.keyOf(options), this.settings(options)));
  }

  async forId(step) {
    const [name, options] = step.args;
    this.keep(step, this.client[name].getForId(await this.subject(step).resolve(), this.settings(options)));
  }

  async call(step) {
    const [name, args] = step.args;
    return await this.subject(step).action({ name, args: (args ?? []).map(read) });
  }

  /** Calls until the outcome is the wanted one. */
  async until(step) {
    for (const began = Date.now(); ; await delay(50)) {
      const got = await this.call(step).catch((error) => ({ failed: failure(error) }));
      if (JSON.stringify(write(got)) === JSON.stringify(step.want)) return got;
      if (Date.now() - began > patience - 2000) return got;
    }
  }

  async all(step) {
    const [name, list] = step.args;
    const results = await Promise.all(list.map((args) => this.call({ ...step, args: [name, args] })));
    return typeof results[0] === "number" ? results.sort((a, b) => a - b) : results;
  }

  async sameId(step) {
    const [other] = step.args;
    return (await this.subject(step).resolve()) === (await this.named[other].resolve());
  }

  async idIsConns(step) {
    return this.subject(step).actorId === (await this.named[step.args[0]].resolve());
  }

  async hasConnId(step) {
    return await this.subject(step).action({ name: "isMe", args: [this.subject(step).connId] });
  }

  async gatewayUrl(step) {
    const url = new URL(await this.subject(step).getGatewayUrl());
    const query = [...url.searchParams].filter(([name]) => !["rvt-key", "rvt-token"].includes(name)).sort();
    return { path: url.pathname.replace(/[a-z0-9]{30}/, "ID"), query: Object.fromEntries(query) };
  }

  connection(step, subscribed) {
    const conn = this.subject(step).connect();
    this.ends.push(() => conn.dispose());
    const failed = new Promise((_, reject) => conn.onError(reject));
    failed.catch(() => {});
    this.failed.set(conn, failed);
    this.keep(step, conn);
    for (const [out, event] of Object.entries(subscribed ?? {})) this.listen(out, conn, [event]);
    return conn;
  }

  async connect(step) {
    const conn = this.connection(step, step.args[0]);
    await Promise.race([conn.ready, this.failed.get(conn)]);
  }

  async open(step) {
    this.connection(step, step.args[0]);
  }

  listen(out, conn, events) {
    const heard = { waiting: [], wake: () => {}, stop: [] };
    for (const event of events) {
      heard.stop.push(
        conn.on(event, (...args) => {
          heard.waiting.push(events.length > 1 ? [event, ...args] : args);
          heard.wake();
        }),
      );
    }
    heard.failed = this.failed.get(conn);
    this.named[out] = heard;
  }

  async on(step) {
    this.listen(step.out, this.subject(step), step.args);
  }

  /** Makes sure that the actor has taken the subscriptions. */
  async flush(step) {
    await this.subject(step).action({ name: "$flush", args: [] }).catch(() => {});
  }

  async next(step) {
    const heard = this.subject(step);
    while (heard.waiting.length === 0) {
      await Promise.race([new Promise((resolve) => { heard.wake = resolve; }), heard.failed]);
    }
    return heard.waiting.shift();
  }

  /** What has come within a moment, of which there should be nothing. */
  async rest(step) {
    await delay(150);
    return this.subject(step).waiting.length;
  }

  async off(step) {
    for (const stop of this.subject(step).stop) stop();
  }

  async close(step) {
    await this.subject(step).dispose();
  }

  async send(step) {
    const [queue, body, wait] = step.args;
    if (wait === undefined) return await this.subject(step).send(queue, read(body));
    return await this.subject(step).send(queue, read(body), { wait: true, timeout: wait });
  }

  async fetch(step) {
    const [method, path, options] = step.args;
    const init = { method, headers: options?.headers, body: options?.bytes ? "x".repeat(options.bytes) : options?.body, redirect: "manual" };
    const response = await this.subject(step).fetch(options?.absolute ? new URL(path) : path, init);
    const text = await response.text();
    const kept = {};
    const body = options?.code ? `${JSON.parse(text).group}.${JSON.parse(text).code}` : shown(text);
    for (const name of options?.show ?? []) kept[name] = name === "set-cookie" ? response.headers.getSetCookie() : response.headers.get(name);
    return { status: response.status, body, ...(options?.show ? { headers: kept } : {}) };
  }

  async socket(step) {
    const socket = await this.subject(step).webSocket(step.args[0]);
    socket.binaryType = "arraybuffer";
    const heard = { waiting: [], wake: () => {}, socket };
    const hear = (what) => {
      heard.waiting.push(what);
      heard.wake();
    };
    socket.addEventListener("message", ({ data }) => hear(typeof data === "string" ? data : new Uint8Array(data)));
    socket.addEventListener("close", ({ code, reason }) => hear({ closed: code, reason: reason.replace(/#.*/, "") }));
    this.ends.push(() => socket.close());
    this.keep(step, heard);
    if (socket.readyState === 0) await new Promise((resolve) => { socket.addEventListener("open", resolve); socket.addEventListener("close", resolve); });
  }

  async write(step) {
    this.subject(step).socket.send(read(step.args[0]));
  }

  async hear(step) {
    const heard = this.subject(step);
    while (heard.waiting.length === 0) await new Promise((resolve) => { heard.wake = resolve; });
    return heard.waiting.shift();
  }

  async manage(step) {
    const [method, path] = step.args;
    const id = await this.subject(step).resolve();
    const body = method === "POST" ? { body: "{}", headers: { "content-type": "application/json" } } : {};
    await fetch(`${this.endpoint}/actors/${id}${path}?namespace=default`, { method, ...body });
  }

  async destroy(step) {
    await this.manage({ ...step, args: ["DELETE", ""] });
  }

  async sleep(step) {
    await this.manage({ ...step, args: ["POST", "/sleep"] });
    for (;;) {
      const id = await this.subject(step).resolve();
      const { actors } = await (await fetch(`${this.endpoint}/actors?namespace=default&actor_id=${id}`)).json();
      if (actors[0].sleep_ts !== null && actors[0].connectable_ts === null) break;
      await delay(20);
    }
    await delay(step.args[0] ?? 0);
  }

  async wait(step) {
    await delay(step.args[0]);
  }
}

/** Puts the key of this column and case for "$key". */
function ownKey(args, key) {
  return JSON.parse(JSON.stringify(args).replaceAll('"$key"', JSON.stringify(key)));
}

const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function inTime(promise, limit) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("out of time")), limit); });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function failure(error) {
  const { group, code, message, metadata } = error ?? {};
  if (!code) return { message: String(error?.stack ?? error) };
  return { code: `${group}.${code}`, message: message ?? "", metadata: write(metadata ?? null), actor: Boolean(error.actor) };
}

const shown = (text) => (text.length > 400 ? `${text.length} characters` : text.replace(/^[0-9a-z]{30}$/, "ID").replace(/^js\//, ""));

/** Writes a value such that JSON keeps what it is. */
function write(v) {
  if (v === undefined) return { $: "undefined" };
  if (typeof v === "bigint") return { $: "bigint", v: String(v) };
  if (typeof v === "number" && (!Number.isFinite(v) || Object.is(v, -0))) return { $: "number", v: Object.is(v, -0) ? "-0" : String(v) };
  if (v instanceof Uint8Array || v instanceof ArrayBuffer) return { $: "bytes", v: Buffer.from(v).toString("hex") };
  if (v instanceof Date) return { $: "date", v: Number.isNaN(v.getTime()) ? "invalid" : v.toISOString() };
  if (v instanceof Set) return { $: "set", v: [...v].map(write) };
  if (typeof v === "string") return shown(v);
  if (Array.isArray(v)) return v.map(write);
  if (v && typeof v === "object") return Object.fromEntries(Object.entries(v).map(([name, member]) => [name, write(member)]));
  return v;
}

/** Reads what write wrote. */
function read(v) {
  if (Array.isArray(v)) return v.map(read);
  if (!v || typeof v !== "object") return v;
  switch (v.$) {
    case undefined:
      return Object.fromEntries(Object.entries(v).map(([name, member]) => [name, read(member)]));
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(v.v);
    case "number":
      return Number(v.v);
    case "bytes":
      return new Uint8Array(Buffer.from(v.v, "hex"));
    case "date":
      return new Date(v.v);
    case "set":
      return new Set(v.v.map(read));
    case "repeat":
      return "x".repeat(v.v);
    default:
      throw new Error(`what is ${v.$}?`);
  }
}
