import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readManifest } from "../../src/bundle/run/manifest.ts";
import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { type CampaignOptions, type CampaignResult, runCampaign } from "../../src/execution/campaign.ts";
import { judgeBundles } from "../../src/execution/judge.ts";
import { temporaryFolder } from "../evidence/recorded-bundle.ts";
import { standInK6 } from "./stand-in-k6.ts";
import { type StandInShop, startStandInShop } from "./stand-in-shop.ts";

const folder = temporaryFolder();
let k6: string;
let shop: StandInShop;
let made = 0;

beforeEach(async () => {
  // Anew each time, since one of the tests takes it away.
  k6 = standInK6(folder);
  shop = await startStandInShop();
});
afterEach(async () => {
  rmSync(join(folder, "broken"), { force: true });
  await shop.close();
});

/** A campaign of short rounds, which no judge can decide; `between` happens after the first round. */
async function campaign(between: () => void, changes: Partial<CampaignOptions> = {}): Promise<CampaignResult> {
  made += 1;
  const { target } = shop;
  return runCampaign({
    id: `c${made}`,
    folder: join(folder, `campaign-${made}`),
    schedule: "duet",
    workload: { loadMs: 4000, warmupMs: 0, scenarios: { "order-import": { perMinute: 120, size: 1 } } },
    limits: { firstLook: 1, maximumLoadMs: 600_000, budgetMs: 600_000, isFixed: false },
    policy: { ...defaultPolicy, resamples: 10 },
    seed: 1,
    k6,
    scenarios: "main.ts",
    prepare: async (arms) => ({
      target: { ...target, arms: Object.fromEntries(arms.map((arm) => [arm, target.arms[arm]])) },
      releases: {},
      otherPids: {},
      settings: {},
    }),
    signal: new AbortController().signal,
    progress: { stage: () => {}, update: () => {}, note: (text) => (text.startsWith("after round 1:") ? between() : undefined) },
    ...changes,
  });
}

function judged({ evaluation }: CampaignResult): Evaluation {
  if (evaluation === null) throw new Error("the campaign was not judged");
  return evaluation;
}

test.each([
  {
    name: "whose marker was taken away",
    between: () => void (shop.marked = false),
    code: "usage",
    says: "does not allow load tests",
  },
  {
    name: "that k6 refuses",
    between: () => writeFileSync(join(folder, "broken"), ""),
    code: "cannot-measure",
    says: "k6 refused",
  },
  { name: "in which something is lost", between: () => rmSync(join(folder, "k6")), code: "cannot-measure", says: "k6 could not" },
])("a later round $name leaves the rounds before it judged, and says why it failed", async ({ between, code, says }) => {
  const result = await campaign(between);
  expect(result.failure?.error).toMatchObject({ code, message: expect.stringContaining(says) });
  const { verdict, reasons, load, runIds } = judged(result);
  expect(verdict).toBe("inconclusive");
  expect(reasons[0]?.text).toMatch(new RegExp(`^c${made}-r2 was not measured: .*${says}`));
  expect(runIds).toEqual([`c${made}-r1`, `c${made}-r2`]);
  expect(load.volumes).toMatchObject([{ scenario: "order-import", achieved: 8 }]);
  expect(await readManifest(join(folder, `campaign-${made}`, "round-2"))).toMatchObject({ status: "failed" });
  // The reason is in the bundles, so anybody gets the same verdict from them.
  const again = await judgeBundles(result.compared, { ...defaultPolicy, resamples: 10 });
  expect(JSON.stringify(again)).toBe(JSON.stringify(result.evaluation));
});

test("a pair of runs of which one cannot be prepared leaves the pairs before it judged", async () => {
  let prepared = 0;
  const prepare: CampaignOptions["prepare"] = async ([arm = "baseline"]) => {
    prepared += 1;
    if (prepared === 4) throw new TypeError("the servers did not start");
    const { target } = shop;
    return { target: { ...target, arms: { [arm]: target.arms[arm] } }, releases: {}, otherPids: {}, settings: {} };
  };
  const limits = { firstLook: 3, maximumLoadMs: 600_000, budgetMs: 600_000, isFixed: false };
  const result = await campaign(() => {}, { schedule: "sequential", prepare, limits });
  expect(result.failure?.error).toBeInstanceOf(TypeError);
  const { verdict, reasons, runIds } = judged(result);
  expect(verdict).toBe("inconclusive");
  expect(reasons.map(({ text }) => text).join("\n")).toContain("was not measured: the servers did not start");
  expect(runIds.toSorted()).toEqual(["r1b", "r1c", "r2b", "r2c"].map((name) => `c${made}-${name}`));
});

test("a first round that fails ends the campaign: there is nothing to judge", async () => {
  shop.marked = false;
  await expect(campaign(() => {})).rejects.toMatchObject({ code: "usage" });
});
