import { setup } from "rivetkit";

import { account } from "./actors/account.mjs";
import { chatRoom } from "./actors/chat-room.mjs";
import { counter } from "./actors/counter.mjs";
import { httpApi } from "./actors/http-api.mjs";
import { jobs } from "./actors/jobs.mjs";
import { probe } from "./actors/probe.mjs";
import { values } from "./actors/values.mjs";
import { vault } from "./actors/vault.mjs";

export const registry = setup({
  use: { account, chatRoom, counter, httpApi, jobs, probe, values, vault },
});

registry.start();
