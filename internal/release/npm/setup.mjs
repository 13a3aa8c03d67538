// One Rivet for a whole run: as globalSetup of vitest, with --import of node --test, or as preload of bun test.
import { serve } from "./test.mjs";

export const teardown = await serve();
