// The counters of examples/registry, but that nobody need wait for those that fall asleep: the engine answers 503 to who calls one
// meanwhile, and now and then loses the start of one that wakes, whoever asks (wire reference, section 17).
import { actor, setup } from "rivetkit";

const counter = actor({
  options: { sleepTimeout: 24 * 60 * 60 * 1000 },
  createState: () => ({ count: 0 }),
  actions: {
    get: (c) => c.state.count,
    increment: (c) => (c.state.count += 1),
  },
});

// Each contender has counters of its own, under its name.
const contenders = ["riveter", "limit", "script-1", "script-16", "script-64", "terraform"];
setup({ use: Object.fromEntries(contenders.map((name) => [name, counter])) }).start();
