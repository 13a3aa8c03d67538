import { createHash, timingSafeEqual } from "node:crypto";

import { actor } from "rivetkit";
import { db } from "rivetkit/db";

/**
 * A ledger for riveter, kept in your own Rivet. It speaks the protocol of Terraform's HTTP backend, so Terraform can use it too:
 *
 *   GET, POST, DELETE /      the document; ?ID= names the lock of the writer; with Range and Content-Range, in parts
 *   LOCK, UNLOCK      /      with the info of the lock as JSON; 423 answers with the info of the one who has it
 *
 * and what riveter needs besides:
 *
 *   LOCK, Riveter-Lease: 30  the lock ends after 30 seconds unless it is renewed, which the same with a Riveter-Fence does. The
 *                            answer's Riveter-Fence goes with each write: one of a lock that is not held any more is refused
 *   GET, DELETE /journal     what was recorded since the document was written
 *   POST /journal?at=9       appends to it, if it has nine bytes by now
 *
 * Every answer comes after its transaction is durable. The gateway lets everybody through, so the token is all that protects it:
 * as "Authorization: Bearer TOKEN", or as the password of any user.
 */
export function ledger({ token }) {
  if (!token) throw new Error("A ledger without a token would be open to everybody.");
  return actor({
    db: db({ onMigrate: createTables }),
    onRequest: async (c, request) => {
      if (!isAuthorized(request, token)) return new Response("The token is missing or wrong.\n", { status: 401 });
      const body = Buffer.from(await request.arrayBuffer());
      const { pathname } = new URL(request.url);
      const route = routes[`${request.method} ${pathname === "/" ? "" : pathname}`.trim()];
      if (!route) return new Response("No such route.\n", { status: 404 });
      return c.db.transaction((tx) => route(tx, request, body));
    },
  });
}

async function createTables(db) {
  await db.execute("CREATE TABLE IF NOT EXISTS parts (file TEXT, start INTEGER, bytes BLOB, PRIMARY KEY (file, start))");
  await db.execute("CREATE TABLE IF NOT EXISTS lock (info TEXT, fence INTEGER, expires INTEGER)");
  await db.execute("INSERT INTO lock SELECT NULL, 0, NULL WHERE NOT EXISTS (SELECT * FROM lock)");
}

function isAuthorized(request, token) {
  const [, scheme, credentials] = /^(\S*) ?(.*)$/.exec(request.headers.get("authorization") ?? "");
  const basic = () => Buffer.from(credentials, "base64").toString().replace(/^[^:]*:/, "");
  const digest = (text) => createHash("sha256").update(text).digest(); // of one length, as the comparison needs
  return timingSafeEqual(digest(scheme === "Basic" ? basic() : credentials), digest(token));
}

const routes = {
  "GET": (tx, request) => read(tx, "document", request),
  "POST": writing(writeDocument),
  "DELETE": writing((tx) => remove(tx, "document")),
  "LOCK": takeLock,
  "UNLOCK": releaseLock,
  "GET /journal": (tx, request) => read(tx, "journal", request),
  "POST /journal": writing(appendToJournal),
  "DELETE /journal": writing((tx) => remove(tx, "journal")),
};

/** Answers with a file, or the part of it that is asked for. */
async function read(tx, file, request) {
  const total = await sizeOf(tx, file);
  if (total === 0) return new Response(null, { status: 204 });
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "");
  const [from, to] = range ? [Number(range[1]), Math.min(Number(range[2]) + 1, total)] : [0, total];
  const rows = await tx.execute(
    "SELECT start, bytes FROM parts WHERE file = ? AND start < ? AND start + length(bytes) > ? ORDER BY start", file, to, from);
  const bytes = Buffer.concat(rows.map((row) => Buffer.from(row.bytes).subarray(Math.max(from - row.start, 0), to - row.start)));
  const headers = { "content-type": "application/json", "content-md5": md5(bytes) };
  if (range) headers["content-range"] = `bytes ${from}-${to - 1}/${total}`;
  return new Response(bytes, { status: range ? 206 : 200, headers });
}

/** Takes the place of the document. Parts are kept aside until the last one is there. */
async function writeDocument(tx, request, body) {
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(request.headers.get("content-range") ?? "");
  const [start, total] = range ? [Number(range[1]), Number(range[2])] : [0, body.length];
  if (start === 0) await remove(tx, "upload");
  if ((await sizeOf(tx, "upload")) !== start) {
    const isThere = (await endsWith(tx, "upload", start, body)) || (await endsWith(tx, "document", start, body));
    return isThere ? undefined : new Response(null, { status: 412 });
  }
  await append(tx, "upload", start, body);
  if (start + body.length === total) {
    await remove(tx, "document");
    await tx.execute("UPDATE parts SET file = 'document' WHERE file = 'upload'");
  }
}

/** Appends where the journal ends, and nowhere else. */
async function appendToJournal(tx, request, body) {
  const at = Number(new URL(request.url).searchParams.get("at"));
  if ((await sizeOf(tx, "journal")) === at) await append(tx, "journal", at, body);
  else if (!(await endsWith(tx, "journal", at, body))) return new Response(null, { status: 412 });
}

/** Whether this is the last part of a file already: it was sent again, because an answer was lost. */
async function endsWith(tx, file, start, body) {
  const [part] = await tx.execute("SELECT bytes FROM parts WHERE file = ? AND start = ?", file, start);
  return part !== undefined && body.equals(Buffer.from(part.bytes)) && (await sizeOf(tx, file)) === start + body.length;
}

/** Lets a request write that has the lock, or if nobody has it. One that was given a fence must still have it. */
function writing(write) {
  return async (tx, request, body) => {
    const { info, fence } = await lockOf(tx);
    const given = request.headers.get("riveter-fence");
    const id = new URL(request.url).searchParams.get("ID");
    const mine = given ? info !== null && Number(given) === fence : info === null || JSON.parse(info).ID === id;
    if (!mine) return new Response(info, { status: 409 });
    return (await write(tx, request, body)) ?? new Response(null, { status: 200 });
  };
}

async function takeLock(tx, request, body) {
  const { info, fence, expires } = await lockOf(tx);
  const wanted = JSON.parse(body.toString());
  const again = info !== null && JSON.parse(info).ID === wanted.ID;
  if (request.headers.has("riveter-fence") && !again) return new Response(info, { status: 409 }); // nothing is left to renew
  if (info !== null && !again && (expires === null || expires > Date.now())) return new Response(info, { status: 423 });
  const seconds = Number(request.headers.get("riveter-lease"));
  const next = again ? fence : fence + 1;
  await tx.execute("UPDATE lock SET info = ?, fence = ?, expires = ?", body.toString(), next, seconds ? Date.now() + seconds * 1000 : null);
  return new Response(again ? null : info, { status: 200, headers: { "riveter-fence": String(next) } }); // whose it was
}

/** Without an ID it is released whoever has it, as Terraform's force-unlock wants. */
async function releaseLock(tx, _request, body) {
  const { info } = await lockOf(tx);
  const id = body.length > 0 ? JSON.parse(body.toString()).ID : "";
  if (info !== null && id && JSON.parse(info).ID !== id) return new Response(info, { status: 409 });
  await tx.execute("UPDATE lock SET info = NULL, expires = NULL");
  return new Response(null, { status: 200 });
}

const lockOf = async (tx) => (await tx.execute("SELECT info, fence, expires FROM lock"))[0];

const sizeOf = async (tx, file) =>
  (await tx.execute("SELECT start + length(bytes) AS size FROM parts WHERE file = ? ORDER BY start DESC LIMIT 1", file))[0]?.size ?? 0;

const append = (tx, file, start, bytes) => tx.execute("INSERT INTO parts VALUES (?, ?, ?)", file, start, bytes);

const remove = async (tx, file) => void (await tx.execute("DELETE FROM parts WHERE file = ?", file));

const md5 = (bytes) => createHash("md5").update(bytes).digest("base64");
