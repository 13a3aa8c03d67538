import { setup } from "rivetkit";

import { account } from "../../../examples/registry/actors/account.mjs";
import { chatRoom } from "../../../examples/registry/actors/chat-room.mjs";
import { counter } from "../../../examples/registry/actors/counter.mjs";
import { httpApi } from "../../../examples/registry/actors/http-api.mjs";
import { jobs } from "../../../examples/registry/actors/jobs.mjs";
import { values } from "../../../examples/registry/actors/values.mjs";
import { vault } from "../../../examples/registry/actors/vault.mjs";
import { faults } from "./actors/faults.mjs";

export const registry = setup({
  use: { account, chatRoom, counter, httpApi, jobs, values, vault, faults },
});

registry.start();
