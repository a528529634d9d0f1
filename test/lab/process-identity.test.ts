import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect, test } from "vitest";

import {
  formatIdentity,
  identifyProcess,
  isRunning,
  parseIdentity,
  parseStat,
  processTree,
} from "../../src/lab/machine/service-process.ts";

// proc(5): pid (comm) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime priority
// nice num_threads itrealvalue starttime
const stat = (name: string) => `4242 (${name}) S 17 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200`;

test.each(["odoo", "a b", "((sd-pam))", "x) R 1 2 3"])("the name %s does not shift the fields", (name) => {
  expect(parseStat(stat(name))).toEqual({ state: "S", parentPid: 17, startTicks: 987_654 });
});

test("text other than a stat line gives null", () => {
  expect(parseStat("")).toBeNull();
});

test("an identity is valid until its process ends", async () => {
  const child = spawn("sleep", ["600"]);
  const identity = identifyProcess(child.pid ?? 0);
  if (identity === null) throw new Error("a child that runs has an identity");
  expect(isRunning(identity)).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isRunning(identity)).toBe(false);
});

test("the same pid with another start time, or from another boot, is another process", () => {
  const self = identifyProcess(process.pid);
  if (self === null) throw new Error("this process has an identity");
  expect(isRunning({ ...self, startTicks: self.startTicks - 1 })).toBe(false);
  expect(isRunning({ ...self, bootId: "00000000-0000-0000-0000-000000000000" })).toBe(false);
  expect(processTree({ ...self, startTicks: self.startTicks - 1 })).toEqual([]);
});

test("a tree holds children and grandchildren", async () => {
  const child = spawn("sh", ["-c", "sleep 600 & echo $!; wait"], { stdio: ["ignore", "pipe", "ignore"] });
  const grandchild = Number(String((await once(child.stdout, "data"))[0]));
  const identity = identifyProcess(child.pid ?? 0);
  if (identity === null) throw new Error("a child that runs has an identity");
  expect(processTree(identity).map(({ pid }) => pid)).toEqual([child.pid, grandchild]);
  process.kill(grandchild, "SIGKILL");
  await once(child, "exit");
});

test("an identity can be written and read again; damaged text gives null", () => {
  const identity = { pid: 12, startTicks: 34, bootId: "01234567-89ab-cdef-0123-456789abcdef" };
  expect(parseIdentity(formatIdentity(identity))).toEqual(identity);
  // A record that was cut short must not name another process.
  expect(parseIdentity(formatIdentity(identity).slice(0, -2))).toBeNull();
  expect(parseIdentity("12 34")).toBeNull();
});
