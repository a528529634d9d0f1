import { existsSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { performRun, type RunOptions } from "../../src/execution/perform-run.ts";
import { readShop } from "../../src/execution/shop-target.ts";
import { temporaryFolder } from "../evidence/recorded-bundle.ts";
import { standInK6 } from "./stand-in-k6.ts";
import { type StandInShop, startStandInShop } from "./stand-in-shop.ts";

const folder = temporaryFolder();
const k6 = standInK6(folder);
const silent = { stage: () => {}, update: () => {}, note: () => {} };
let shop: StandInShop;
let made = 0;

beforeEach(async () => {
  shop = await startStandInShop();
});
afterEach(() => shop.close());

/** A later round: what the shop holds was read before. */
async function laterRound(): Promise<RunOptions> {
  made += 1;
  return {
    runId: `later-${made}`,
    bundle: join(folder, `bundle-${made}`),
    prepared: { target: shop.target, releases: {}, otherPids: {}, settings: {} },
    schedule: { kind: "duet" },
    workload: { loadMs: 2000, warmupMs: 0, scenarios: { "order-import": { perMinute: 240, size: 1 } } },
    seed: 1,
    shop: await readShop(shop.target, ["order-import"]),
    k6,
    scenarios: "main.ts",
    signal: new AbortController().signal,
    progress: silent,
  };
}

test("a later round loads with what was read before", async () => {
  const options = await laterRound();
  expect(await performRun(options)).toMatchObject({ status: "complete", volumes: [{ scenario: "order-import", achieved: 8 }] });
});

test.each([
  {
    name: "whose marker was taken away",
    change: () => void (shop.marked = false),
    want: { code: "usage", message: expect.stringContaining("does not allow load tests") },
  },
  {
    name: "whose mail was switched on",
    change: () => void shop.found.set("ir.mail_server", [{ id: 3, name: "Office", smtp_host: "smtp.office365.com" }]),
    want: { code: "cannot-measure", message: expect.stringContaining("could reach real people") },
  },
])("a target $name since is not loaded again", async ({ change, want }) => {
  const options = await laterRound();
  change();
  await expect(performRun(options)).rejects.toMatchObject(want);
  expect(existsSync(options.bundle)).toBe(false);
});
