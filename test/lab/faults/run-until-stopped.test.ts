import { expect, test } from "vitest";

import { runUntilStopped, pause } from "../../../src/lab/faults/fault.ts";

test("work runs until it is stopped, and stop waits for its end", async () => {
  let isOver = false;
  const work = runUntilStopped(async (stopped) => {
    await pause(3_600_000, stopped);
    isOver = true;
  });
  expect(isOver).toBe(false);
  await work.stop();
  expect(isOver).toBe(true);
});

test("stop throws the error of the work", async () => {
  const work = runUntilStopped(async () => {
    throw new Error("the session was cut");
  });
  await expect(work.stop()).rejects.toThrow("the session was cut");
});
