import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { waitUntil } from "../../src/lab/machine/run-command.ts";
import {
  formatIdentity,
  identifyProcess,
  isRunning,
  listServices,
  readService,
  startService,
  stopService,
  watchForEnd,
} from "../../src/lab/machine/service-process.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();
const waiting = { timeoutMs: 30_000, signal: new AbortController().signal, hint: "" };
const soon = { signal: "SIGTERM", graceMs: 200 } as const;

async function start(folder: string, argv: readonly string[], environment: Record<string, string> = {}) {
  startService(folder, { name: "service", argv, environment });
  await waitUntil("the record", async () => readService(folder, "service") !== null, waiting);
  const identity = readService(folder, "service");
  if (identity === null) throw new Error("the service ended at once");
  return identity;
}

test("a service records itself, keeps its pid over exec, and is stopped", async () => {
  const folder = newFolder();
  const identity = await start(folder, ["sleep", "600"]);
  await waitUntil("exec", async () => readFileSync(`/proc/${identity.pid}/cmdline`, "utf8").startsWith("sleep"), waiting);
  expect(listServices(folder)).toEqual(["service"]);
  await stopService(folder, "service", soon);
  expect(isRunning(identity)).toBe(false);
  expect(listServices(folder)).toEqual([]);
});

test("a service gets only the given environment, and its output goes to its log", async () => {
  const folder = newFolder();
  await start(folder, ["sh", "-c", 'echo "$COLOUR $HOME."; exec sleep 600'], { COLOUR: "blue" });
  const log = join(folder, "log", "service.out");
  await waitUntil("output", async () => readFileSync(log, "utf8").includes("\n"), waiting);
  expect(readFileSync(log, "utf8")).toBe("blue .\n");
  await stopService(folder, "service", soon);
});

test("a service that ignores the signal is killed together with its children", async () => {
  const folder = newFolder();
  const identity = await start(folder, [
    "sh",
    "-c",
    `trap "" TERM; sleep 600 & echo $! > ${folder}/child; while :; do wait; done`,
  ]);
  await waitUntil("the child", async () => readFileSync(join(folder, "child"), "utf8").endsWith("\n"), waiting);
  const child = identifyProcess(Number(readFileSync(join(folder, "child"), "utf8")));
  if (child === null) throw new Error("the child runs");
  await stopService(folder, "service", soon);
  expect(isRunning(identity)).toBe(false);
  await waitUntil("the child's end", async () => !isRunning(child), waiting);
});

test("a process with the reused pid of an ended service is not stopped", async () => {
  const folder = newFolder();
  const stranger = spawn("sleep", ["600"]);
  const identity = identifyProcess(stranger.pid ?? 0);
  if (identity === null) throw new Error("the stranger runs");
  mkdirSync(join(folder, "run"));
  writeFileSync(join(folder, "run", "service.pid"), formatIdentity({ ...identity, startTicks: identity.startTicks - 100 }));
  expect(readService(folder, "service")).toBeNull();
  await stopService(folder, "service", soon);
  expect(isRunning(identity)).toBe(true);
  expect(existsSync(join(folder, "run", "service.pid"))).toBe(false);
  stranger.kill("SIGKILL");
  await once(stranger, "exit");
});

test("a program that does not exist leaves an error in the log and no running service", async () => {
  const folder = newFolder();
  startService(folder, { name: "service", argv: ["/does/not/exist"] });
  const log = join(folder, "log", "service.out");
  await waitUntil("the message", async () => readFileSync(log, "utf8").includes("not found"), waiting);
  const isHopeless = watchForEnd(folder, "service");
  const ready = waitUntil("The service did not start", async () => false, { ...waiting, isHopeless });
  await expect(ready).rejects.toMatchObject({ message: "The service did not start: its process has ended" });
});
