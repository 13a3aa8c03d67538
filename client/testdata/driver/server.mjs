import { setup } from "rivetkit";

import { account } from "../../../examples/registry/actors/account.mjs";
import { chatRoom } from "../../../examples/registry/actors/chat-room.mjs";
import { counter } from "../../../examples/registry/actors/counter.mjs";
import { httpApi } from "../../../examples/registry/actors/http-api.mjs";
import { jobs } from "../../../examples/registry/actors/jobs.mjs";
import { values } from "../../../examples/registry/actors/values.mjs";
import { vault } from "../../../examples/registry/actors/vault.mjs";
import { access } from "./actors/access.mjs";
import { breaking } from "./actors/breaking.mjs";
import { connections } from "./actors/connections.mjs";
import { faults } from "./actors/faults.mjs";
import { flow } from "./actors/flow.mjs";
import { hibernating } from "./actors/hibernating.mjs";
import { fragile, hooks, notebook } from "./actors/hooks.mjs";
import { inline } from "./actors/inline.mjs";
import { hasty, sizes, timing } from "./actors/timing.mjs";
import { mute, web } from "./actors/web.mjs";

export const registry = setup({
  use: {
    ...{ account, chatRoom, counter, httpApi, jobs, values, vault },
    ...{ access, breaking, connections, faults, flow, fragile, hasty, hibernating, hooks, inline, mute, notebook, sizes, timing, web },
  },
});

registry.start();
