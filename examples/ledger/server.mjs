import { setup } from "rivetkit";

import { ledger } from "./ledger.mjs";

export const registry = setup({
  use: { riveterLedger: ledger({ token: process.env.RIVETER_LEDGER_TOKEN }) },
});

registry.start();
