import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { compilePlan } from "../../src/load/compile-plan.ts";
import { type K6Run, startK6 } from "../../src/load/k6-process.ts";
import { inspectK6, k6Environment } from "../../src/load/k6-program.ts";
import { shopRequest } from "./shop-plan.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "peakproof-k6-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A program in the place of k6, so that its signals, environment and arguments can be seen; k6 itself is run by the integration tests. */
async function standIn(body: string): Promise<string> {
  const path = join(folder, "k6");
  await writeFile(path, `#!${process.execPath}\nconst fs = require("node:fs");\n${body}\n`, { mode: 0o755 });
  return path;
}

function runOf(k6: string, changes: Partial<K6Run> = {}): K6Run {
  return {
    k6,
    script: "main.ts",
    planPath: join(folder, "plan.json"),
    user: { login: "api", password: "s3cret" },
    csv: join(folder, "samples.csv"),
    summary: join(folder, "summary.json"),
    consoleLog: join(folder, "console.log"),
    loadMs: 60_000,
    gracefulStopMs: 0,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...changes,
  };
}

test("the password goes by the environment and not by the arguments", async () => {
  const seen = join(folder, "seen.json");
  const k6 = await standIn(
    `fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ argv: process.argv.slice(2), env: process.env }))`,
  );
  const exit = await startK6(runOf(k6)).ended;
  expect(exit).toMatchObject({ kind: "finished", exitCode: 0, reason: null });
  const { argv, env } = JSON.parse(await readFile(seen, "utf8"));
  expect(env).toMatchObject({ TZ: "UTC", PEAKPROOF_PASSWORD: "s3cret", K6_CSV_TIME_FORMAT: "unix_nano" });
  expect(argv.join(" ")).not.toContain("s3cret");
  expect(argv).toContain(`csv=${join(folder, "samples.csv")}`);
});

test("the customer's login goes by the environment, and is empty where there is none", () => {
  const environment = (user: K6Run["user"]) => k6Environment({}, { planPath: "plan.json", user });
  const customer = { login: "ann", password: "hers" };
  expect(environment({ login: "api", password: "x", customer })).toMatchObject({
    PEAKPROOF_CUSTOMER_LOGIN: "ann",
    PEAKPROOF_CUSTOMER_PASSWORD: "hers",
  });
  expect(environment({ login: "api", password: "x" })).toMatchObject({ PEAKPROOF_CUSTOMER_LOGIN: "" });
});

test("the signal becomes one SIGTERM, after which k6 may flush", async () => {
  const flushed = join(folder, "flushed");
  const k6 = await standIn(`
    process.on("SIGTERM", () => { fs.appendFileSync(${JSON.stringify(flushed)}, "once\\n"); setTimeout(() => process.exit(105), 300); });
    setInterval(() => {}, 1000);
    fs.writeFileSync(${JSON.stringify(join(folder, "samples.csv"))}, "peakproof_transaction,1,2,outcome=ok\\npeakproof_transaction,1,2,outcome=session\\n");`);
  const stop = new AbortController();
  // Its samples show that the program is up.
  const run = startK6(runOf(k6, { signal: stop.signal, onProgress: ({ transactions }) => transactions > 0 && stop.abort() }));
  expect(await run.ended).toMatchObject({ kind: "aborted", exitCode: 105, reason: "the run was interrupted" });
  expect(await readFile(flushed, "utf8")).toBe("once\n");
});

test("progress counts the transactions that ended, and those that failed", async () => {
  const k6 = await standIn(`
    fs.writeFileSync(${JSON.stringify(join(folder, "samples.csv"))}, "metric_name\\npeakproof_transaction,1,2,arm=baseline&outcome=ok,\\npeakproof_transaction,1,2,outcome=conflict&arm=baseline,\\n");
    setTimeout(() => {}, 1500);`);
  const seen: unknown[] = [];
  await startK6(runOf(k6, { onProgress: ({ transactions, failed }) => seen.push({ transactions, failed }) })).ended;
  expect(seen).toContainEqual({ transactions: 2, failed: 1 });
});

test("what k6 logged as an error is the reason of a failed run", async () => {
  const line = JSON.stringify({
    level: "error",
    msg: "Error: login to the candidate failed\n\tat setup",
    time: "2026-11-21T12:24:49Z",
  });
  const k6 = await standIn(`fs.writeSync(2, ${JSON.stringify(`${line}\n`)}); process.exit(107);`);
  expect(await startK6(runOf(k6)).ended).toMatchObject({
    kind: "failed",
    reason: "the script threw an exception: Error: login to the candidate failed",
  });
});

test("a k6 that is not there is an error the user can act on", async () => {
  await expect(startK6(runOf(join(folder, "missing"))).ended).rejects.toMatchObject({
    name: "HarnessError",
    code: "cannot-measure",
  });
});

test("scenarios that k6 compiles to another rate than planned are refused", async () => {
  const found = { scenarios: { "order-import": { executor: "constant-arrival-rate", rate: 240 } }, maxVUs: 10 };
  const k6 = await standIn(`console.log(${JSON.stringify(JSON.stringify(found))})`);
  const inspection = inspectK6({ k6, script: "main.ts", planPath: join(folder, "plan.json"), plan: compilePlan(shopRequest()) });
  await expect(inspection).rejects.toThrow("order-import at 240");
});

test("scenarios that k6 cannot compile are refused with its message", async () => {
  const line = JSON.stringify({
    level: "error",
    msg: "SyntaxError: main.ts: Unexpected token (3:4)",
    time: "2026-11-21T12:24:49Z",
  });
  const k6 = await standIn(`fs.writeSync(2, ${JSON.stringify(`${line}\n`)}); process.exit(107);`);
  const inspection = inspectK6({ k6, script: "main.ts", planPath: join(folder, "plan.json"), plan: compilePlan(shopRequest()) });
  await expect(inspection).rejects.toThrow("Unexpected token (3:4)");
});
