import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { withLock } from "../../src/lab/machine/lock.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();
const { signal } = new AbortController();
const HOLDER = fileURLToPath(new URL("hold-lock.ts", import.meta.url));

test("tasks with the same lock run one after another", async () => {
  const folder = newFolder();
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} in`);
    await new Promise((resolve) => setImmediate(resolve));
    events.push(`${name} out`);
  };
  await Promise.all(["a", "b", "c"].map((name) => withLock(folder, "test", { signal, onWait: () => {} }, work(name))));
  expect(events.map((event) => event.split(" ")[1])).toEqual(["in", "out", "in", "out", "in", "out"]);
  for (let index = 0; index < events.length; index += 2) expect(events[index]?.[0]).toBe(events[index + 1]?.[0]);
});

test("other folders and other purposes do not wait", async () => {
  const folder = newFolder();
  const never = () => {
    throw new Error("waited");
  };
  const inner = (path: string, purpose: string) => withLock(path, purpose, { signal, onWait: never }, async () => purpose);
  const outer = await withLock(folder, "a", { signal, onWait: never }, () =>
    Promise.all([inner(folder, "b"), inner(newFolder(), "a")]),
  );
  expect(outer).toEqual(["b", "a"]);
});

test("a lock names its holder, and is free when the holder is killed", async () => {
  const folder = newFolder();
  const holder = spawn(process.execPath, ["--import", "tsx", HOLDER, folder], { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  const holders: (number | null)[] = [];
  const result = await withLock(
    folder,
    "test",
    {
      signal,
      onWait: (pid) => {
        holders.push(pid);
        holder.kill("SIGKILL");
      },
    },
    async () => "taken over",
  );
  expect(result).toBe("taken over");
  expect(holders[0]).toBe(holder.pid);
});

test("a lock is released when its work throws, and an interrupt ends the wait for a lock", async () => {
  const folder = newFolder();
  const interrupt = new AbortController();
  const fail = withLock(folder, "test", { signal, onWait: () => {} }, async () => {
    await expect(
      withLock(folder, "test", { signal: interrupt.signal, onWait: () => interrupt.abort() }, async () => "never"),
    ).rejects.toMatchObject({ code: "interrupted" });
    throw new Error("broken");
  });
  await expect(fail).rejects.toThrow("broken");
  expect(await withLock(folder, "test", { signal, onWait: () => {} }, async () => "free")).toBe("free");
});
