import { setup } from "rivetkit";

import * as actors from "./actors.mjs";

export const registry = setup({ use: { ...actors } });

registry.start();
