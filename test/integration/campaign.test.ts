import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Evaluation } from "../../src/domain/evaluation.ts";
import type { RunManifest } from "../../src/domain/run.ts";
import { repository } from "./lab.ts";

/** These tests are a user's day: the compiled program, its own folder, the real stack. */
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "peakproof-campaign-"));
  const config = readFileSync(join(repository, "peakproof.yaml"), "utf8").replaceAll(
    "fixtures/addons",
    join(repository, "fixtures/addons"),
  );
  writeFileSync(join(folder, "peakproof.yaml"), config);
  mkdirSync(join(folder, "reports"));
});

afterAll(async () => {
  await peakproof(["lab", "down"]);
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

function peakproof(args: readonly string[], onStage: (text: string, stop: () => void) => void = () => {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repository, "bin/peakproof.js"), ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      process.stderr.write(`      ${chunk.toString()}`);
      onStage(chunk.toString(), () => child.kill("SIGINT"));
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out }));
  });
}

const readText = (...path: readonly string[]) => readFileSync(join(folder, ...path), "utf8");

describe("a release with one more SQL statement per order line", () => {
  let ended: Ended = { code: null, out: "" };
  let verdict: Evaluation;
  let manifest: RunManifest;

  beforeAll(async () => {
    ended = await peakproof(["campaign", "--baseline", "1.0", "--candidate", "1.2", "--load", "75s", "--out", "bad"]);
    verdict = JSON.parse(readText("bad", "verdict.json"));
    manifest = JSON.parse(readText("bad", "bundle", "run.json"));
  });

  test("is found by its statements per order, whatever the machine does to latency", () => {
    const change = verdict.changes.find(({ indicator }) => indicator === "order-import.statements-per-transaction");
    expect(change).toMatchObject({ change: "regressed", gate: true });
    // Six lines an order, one SELECT each.
    expect((change?.candidate ?? 0) - (change?.baseline ?? 0)).toBeGreaterThan(5.5);
  });

  test("ends with FAIL and names the statement", () => {
    expect(ended.code).toBe(1);
    expect(ended.out).toContain("FAIL");
    expect(verdict.attribution.some(({ statement }) => statement?.includes("retail_price_rule") ?? false)).toBe(true);
  });

  test("the bundle counts what k6 counted", () => {
    const { summary, iterations, httpRequests, dropped } = manifest.counts;
    expect(summary).toEqual({ iterations, httpRequests, dropped });
    expect(iterations).toBeGreaterThan(0);
  });

  test("the business is intact in both arms: orders once and confirmed, waves done, checkouts confirmed", () => {
    for (const id of ["import-exactly-once", "batches-done", "checkout-confirmed"]) {
      const results = manifest.invariants.filter((result) => result.id === id);
      expect(results.map(({ arm, status }) => `${arm} ${status}`)).toEqual(["baseline intact", "candidate intact"]);
      for (const { checked } of results) expect(checked).toBeGreaterThan(0);
    }
  });

  test("judging the bundle again gives the same bytes", async () => {
    await peakproof(["compare", "bad/bundle", "--out", "again"]);
    expect(readFileSync(join(folder, "again/verdict.json"), "utf8")).toBe(readFileSync(join(folder, "bad/verdict.json"), "utf8"));
  });

  test("its page holds every chart and needs no network", () => {
    const page = readFileSync(join(folder, "bad/report.html"), "utf8");
    expect(page).not.toMatch(/(src|href)="https?:/);
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(3);
  });
});

test("the same release on both arms never fails", async () => {
  const { code } = await peakproof(["campaign", "--baseline", "1.0", "--candidate", "1.0", "--load", "75s", "--out", "same"]);
  expect([0, 3]).toContain(code);
});

test("a run that is interrupted leaves an aborted bundle, which never passes", async () => {
  let isLoading = false;
  const run = await peakproof(["run", "--release", "1.0", "--load", "60s", "--out", "cut"], (text, stop) => {
    if (isLoading || !text.includes("Loading 1.0")) return;
    isLoading = true;
    // Late enough for the first samples to be written.
    setTimeout(stop, 15_000);
  });
  expect(run.code).toBe(130);
  expect(JSON.parse(readText("cut", "run.json"))).toMatchObject({ status: "aborted" });
  await peakproof(["run", "--release", "1.0", "--load", "20s", "--out", "whole"]);
  const { code } = await peakproof(["compare", "--baseline", "whole", "--candidate", "cut"]);
  expect([3, 4]).toContain(code);
});
