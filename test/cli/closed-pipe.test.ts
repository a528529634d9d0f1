import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("run-main.ts", import.meta.url));

/** Runs one command line with one of its streams closed from the start, and returns what came through the other. */
async function withClosed(closed: "stdout" | "stderr", argv: readonly string[]): Promise<{ code: unknown; other: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  child[closed].destroy();
  let other = "";
  child[closed === "stdout" ? "stderr" : "stdout"].on("data", (chunk: Buffer) => (other += chunk.toString()));
  const [code] = await once(child, "close");
  return { code, other };
}

test("a command whose results nobody reads on ends quietly, with its own exit code", async () => {
  expect(await withClosed("stdout", ["--help"])).toEqual({ code: 0, other: "" });
});

test("a command whose messages nobody reads ends with its own exit code too", async () => {
  expect(await withClosed("stderr", ["campain"])).toEqual({ code: 2, other: "" });
});
