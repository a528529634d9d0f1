import { expect, test } from "vitest";

import { explainExit } from "../../src/load/k6-process.ts";

const quiet = { signal: null, abortReason: null, lastError: null };

test.each([
  { name: "exit code 0", end: { ...quiet, exitCode: 0 }, kind: "finished", says: "" },
  {
    name: "exit code 0 after an exception",
    end: { ...quiet, exitCode: 0, lastError: "ReferenceError: x" },
    kind: "failed",
    says: "ReferenceError",
  },
  { name: "exit code 105", end: { ...quiet, exitCode: 105 }, kind: "aborted", says: "signal" },
  { name: "a kill", end: { ...quiet, exitCode: null, signal: "SIGKILL" }, kind: "aborted", says: "SIGKILL" },
  {
    name: "a stop of ours",
    end: { ...quiet, exitCode: 105, abortReason: "the run was interrupted" },
    kind: "aborted",
    says: "interrupted",
  },
  {
    name: "a failed login",
    end: { ...quiet, exitCode: 107, lastError: "login to the baseline failed" },
    kind: "failed",
    says: "baseline",
  },
  { name: "a script that cannot be loaded", end: { ...quiet, exitCode: 255 }, kind: "failed", says: "could not load" },
  { name: "an unknown code", end: { ...quiet, exitCode: 42 }, kind: "failed", says: "42" },
])("$name is $kind", ({ end, kind, says }) => {
  const explained = explainExit(end);
  expect(explained.kind).toBe(kind);
  // A finished run needs no reason; every other end has one that names the cause.
  expect(explained.reason === null).toBe(kind === "finished");
  expect(explained.reason ?? "").toContain(says);
});
