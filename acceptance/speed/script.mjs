// What a user of RivetKit would write instead: seeds counters, as many at a time as it is told.
import { createClient } from "rivetkit/client";

const [task, actors, width] = process.argv.slice(2);
const client = createClient({ endpoint: process.env.RIVET_ENDPOINT, namespace: "default" });
const counter = client[`script-${width}`];

const one = {
  apply: (key) => counter.getOrCreate(key).increment(),
  again: (key) => counter.getOrCreate(key).resolve(),
  plan: (key) => counter.get(key).resolve(),
  verify: async (key) => {
    const count = await counter.get(key).get();
    if (count !== 1) throw new Error(`${key} is ${count}`);
  },
}[task];

let next = 0;
await Promise.all(
  Array.from({ length: Number(width) }, async () => {
    while (next < Number(actors)) await one(["speed", String(next++)]);
  }),
);
await client.dispose();
