import { expect, test } from "vitest";

import { runCommand } from "../../src/lab/machine/run-command.ts";
import { identifyProcess } from "../../src/lab/machine/service-process.ts";

const options = { signal: new AbortController().signal, timeoutMs: 60_000, hint: "Look." };

test("stdout is returned, lines of both streams are reported, input is passed on", async () => {
  const lines: string[] = [];
  const output = await runCommand("sh", ["sh", "-c", "cat; echo warning >&2"], {
    ...options,
    input: "data\n",
    onLine: (line) => lines.push(line),
  });
  expect(output).toBe("data\n");
  expect(lines.sort()).toEqual(["data", "warning"]);
});

test("a failure carries the exit code, the last lines and the hint", async () => {
  const failing = runCommand("Installing", ["sh", "-c", "echo no such package >&2; exit 3"], options);
  await expect(failing).rejects.toMatchObject({
    code: "cannot-measure",
    message: "Installing failed (3):\nno such package",
    hint: "Look.",
  });
});

test("a missing program is reported as a failure", async () => {
  await expect(runCommand("Looking", ["/does/not/exist"], options)).rejects.toMatchObject({ code: "cannot-measure" });
});

test("at the time limit the whole process group ends", async () => {
  let grandchild = 0;
  const onLine = (line: string) => (grandchild = Number(line));
  const slow = runCommand("Waiting", ["sh", "-c", "sleep 600 & echo $!; wait"], { ...options, timeoutMs: 300, onLine });
  await expect(slow).rejects.toThrow("Waiting took longer than");
  expect(grandchild).toBeGreaterThan(1);
  expect(identifyProcess(grandchild)).toBeNull();
});

test("an interrupt ends the command as interrupted", async () => {
  const interrupt = new AbortController();
  const running = runCommand("Waiting", ["sh", "-c", "echo started; sleep 600"], {
    ...options,
    signal: interrupt.signal,
    onLine: () => interrupt.abort(),
  });
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
});

test("a command does not inherit the environment of this process", async () => {
  const output = await runCommand("env", ["env"], { ...options, environment: { PATH: "/usr/bin:/bin", ONLY: "this" } });
  expect(output.trim().split("\n").sort()).toEqual(["ONLY=this", "PATH=/usr/bin:/bin"]);
});
