#!/usr/bin/env node
// Runs the binary in place of this program: its streams, its signals, its end.
import { spawn } from "node:child_process";

import { binary } from "./binary.mjs";

const riveter = spawn(binary(), process.argv.slice(2), { stdio: "inherit" });

// A terminal sends Ctrl-C to both; riveter takes two at the same moment for one.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => riveter.kill(signal));

riveter.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
