import { runMain } from "../../src/cli/main.ts";

// A process that bin/peakproof.js would be, without the compiler between.
await runMain();
