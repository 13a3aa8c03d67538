// Writes files of tests for a runner. Each test counts on a counter of its own, of which all have the same key, and one in ten begins anew.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

const [runner, files, tests] = process.argv.slice(2);
const from = { vitest: "vitest", node: "node:test", bun: "bun:test" }[runner];

rmSync("test", { recursive: true, force: true });
rmSync("first", { force: true });
mkdirSync("test");
for (let file = 0; file < files; file++) {
  writeFileSync(`test/${file}.test.mjs`, `
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "${from}";
import { fixture } from "@riveter/cli/test";
import { createClient } from "rivetkit/client";

for (let i = 0; i < ${tests}; i++) {
  test(\`sees nothing of others, \${i}\`, async () => {
    const f = await fixture("seed", { vars: { start: i } });
    const client = createClient(f.endpoint);
    try {
      writeFileSync("first", \`the first line of a test after \${Date.now() - process.env.STARTED} ms\\n\`, { flag: "wx" });
    } catch {} // there was one before
    const counter = () => client.counter.get(f.key("general"));
    for (let n = 1; n <= 3; n++) assert.equal(await counter().increment(1), i + n);
    if (i % 10 === 0) {
      await f.reset();
      assert.equal(await counter().get(), i);
    }
    assert.equal(f.outputs.ids.length, 2);
    await client.dispose();
    await f.dispose();
  }${runner === "bun" ? ", 60_000" : ""});
}
`);
}
