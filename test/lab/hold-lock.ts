import { withLock } from "../../src/lab/machine/lock.ts";

/** Holds the lock of the folder in its first argument until it is killed. */
await withLock(process.argv[2] ?? "", "test", { signal: new AbortController().signal, onWait: () => {} }, async () => {
  process.stdout.write("held\n");
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
