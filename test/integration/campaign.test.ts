import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ARMS } from "../../src/domain/arm.ts";
import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { SCENARIO_NAMES } from "../../src/domain/load/plan.ts";
import type { RunManifest } from "../../src/domain/load/run.ts";
import { shopRules } from "../../src/odoo/invariants/shop-rules.ts";
import { shopSchema } from "../../src/odoo/invariants/shop-schema.ts";
import { callPeakproof, type Ended } from "./call-peakproof.ts";
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

function peakproof(args: readonly string[], onSaid?: (text: string, pid: number) => void): Promise<Ended> {
  return callPeakproof(args, { folder, ...(onSaid === undefined ? {} : { onSaid }) });
}

const readText = (...path: readonly string[]) => readFileSync(join(folder, ...path), "utf8");

describe("a release with one more SQL statement per order line", () => {
  let ended: Ended = { code: null, out: "", err: "" };
  let verdict: Evaluation;
  let manifest: RunManifest;

  beforeAll(async () => {
    ended = await peakproof(["campaign", "--baseline", "1.0", "--candidate", "1.2", "--load", "75s", "--out", "bad"]);
    verdict = JSON.parse(readText("bad", "verdict.json"));
    manifest = JSON.parse(readText("bad", "round-1", "run.json"));
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
    expect(verdict.attribution.some(({ statement }) => statement?.includes("retail_rule") ?? false)).toBe(true);
  });

  test("the bundle counts what k6 counted", () => {
    const { summary, iterations, httpRequests, dropped } = manifest.counts;
    expect(summary).toEqual({ iterations, httpRequests, dropped });
    expect(iterations).toBeGreaterThan(0);
  });

  test("the business is intact in both arms: every rule of what was loaded has looked at something and is silent", () => {
    const loaded = manifest.volumes.filter(({ achieved }) => achieved > 0).map(({ scenario }) => scenario);
    expect(loaded.sort()).toEqual(SCENARIO_NAMES.filter((name) => name !== "store-orders" && name !== "browse").sort());
    const rules = shopRules(shopSchema(new Set())).map(({ id }) => id);
    // The config loads no tills and no visitors, so there is nothing that their rules could look at.
    const ofTills = rules.filter((id) => id === "pos-once" || id.startsWith("store-"));
    for (const arm of ARMS) {
      const results = manifest.invariants.filter((result) => result.arm === arm);
      expect(results.map(({ id, status, examples }) => [id, status, examples])).toEqual(rules.map((id) => [id, "intact", []]));
      expect(results.filter(({ checked }) => checked === 0).map(({ id }) => id)).toEqual(ofTills);
    }
  });

  test("judging the bundle again gives the same bytes", async () => {
    await peakproof(["compare", "bad/round-1", "--out", "again"]);
    expect(readFileSync(join(folder, "again/verdict.json"), "utf8")).toBe(readFileSync(join(folder, "bad/verdict.json"), "utf8"));
  });

  test("its page holds every chart and needs no network", () => {
    const page = readFileSync(join(folder, "bad/report.html"), "utf8");
    expect(page).not.toMatch(/(src|href)="https?:/);
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(3);
  });
});

describe("the same release on both arms, judged round by round", () => {
  let ended: Ended = { code: null, out: "", err: "" };
  let verdict: Evaluation;

  beforeAll(async () => {
    const limits = ["--round", "60s", "--max", "2m", "--out", "same"];
    ended = await peakproof(["campaign", "--baseline", "1.0", "--candidate", "1.0", ...limits]);
    verdict = JSON.parse(readText("same", "verdict.json"));
  });

  test("never fails", () => {
    expect([0, 3]).toContain(ended.code);
  });

  test("says how often the judge looked, and what that spent", () => {
    const rounds = readdirSync(join(folder, "same")).filter((name) => name.startsWith("round-")).length;
    expect(verdict.method).toMatchObject({ looks: rounds, alpha: 0.01 });
    expect(verdict.method.alphaSpent).toBeCloseTo((0.01 * rounds) / (rounds + 1), 12);
    expect(verdict.runIds).toHaveLength(rounds);
  });

  test("is verified from its rounds", async () => {
    const { code, out } = await peakproof(["report", "--verify", "same/verdict.json"]);
    expect(out).toContain("verified");
    expect(code).toBe(0);
  });
});

describe("a run that did not come to its end", () => {
  beforeAll(async () => {
    await peakproof(["run", "--release", "1.0", "--load", "70s", "--out", "whole"]);
  });

  /** Runs until some samples are written, then does what `stop` says with the pid of the harness. */
  async function runUntil(out: string, stop: (pid: number) => void): Promise<Ended> {
    let isLoading = false;
    return peakproof(["run", "--release", "1.0", "--load", "70s", "--out", out], (text, pid) => {
      if (isLoading || !text.includes("Loading 1.0")) return;
      isLoading = true;
      setTimeout(() => stop(pid), 45_000);
    });
  }

  test("because k6 was killed leaves an aborted bundle, which never passes", async () => {
    const { code } = await runUntil("killed", (pid) => {
      const k6 = execFileSync("pgrep", ["-P", String(pid), "k6"], { encoding: "utf8" }).trim();
      process.kill(Number(k6), "SIGKILL");
    });
    expect(code).toBe(4);
    expect(JSON.parse(readText("killed", "run.json"))).toMatchObject({ status: "aborted" });
    expect([3, 4]).toContain((await peakproof(["compare", "--baseline", "whole", "--candidate", "killed"])).code);
  });

  test("because it was interrupted does too", async () => {
    const { code } = await runUntil("interrupted", (pid) => process.kill(pid, "SIGINT"));
    expect(code).toBe(130);
    expect(JSON.parse(readText("interrupted", "run.json"))).toMatchObject({ status: "aborted" });
    expect([3, 4]).toContain((await peakproof(["compare", "--baseline", "interrupted", "--candidate", "whole"])).code);
  });
});
