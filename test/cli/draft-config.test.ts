import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { type ConfigDraft, draftConfig } from "../../src/cli/commands/draft-config.ts";
import { readConfig } from "../../src/cli/config/read-config.ts";
import { resolveTarget } from "../../src/cli/config/target.ts";
import { TARGET_PARTS } from "../../src/domain/target/target.ts";
import type { ScenarioSurvey } from "../../src/execution/survey-server.ts";
import { temporaryFolder } from "../evidence/recorded-bundle.ts";

const folder = temporaryFolder();

const can = (scenario: ScenarioSurvey["scenario"], has: { products?: number; pickings?: number } = {}): ScenarioSurvey => ({
  scenario,
  missing: null,
  variants: {},
  products: 500,
  customers: 200,
  pickings: 900,
  tills: 3,
  ...has,
});

const draft: ConfigDraft = {
  url: "https://staging.shop.test:8443",
  version: "17.0",
  database: 'shop "a": #1',
  login: "api@shop.test",
  passwordEnv: "SHOP_PASSWORD",
  locks: [],
  scenarios: [can("checkout"), can("stock-sync"), can("order-import"), can("picking-wave"), can("store-orders")],
};

function read(changes: Partial<ConfigDraft>) {
  const path = join(folder, "peakproof.yaml");
  const text = draftConfig({ ...draft, ...changes });
  writeFileSync(path, text);
  return { text, config: readConfig(path) };
}

test("names odd to YAML come back as they were, and the target is bare and says so", () => {
  const { config } = read({});
  if ("lab" in config.target) throw new Error("a server was drafted");
  const target = resolveTarget(config.target, { SHOP_PASSWORD: "secret" });
  expect(target.arms.baseline).toMatchObject({ baseUrl: draft.url, database: draft.database, login: draft.login });
  expect(target.unseen).toEqual(TARGET_PARTS);
});

test("the write budget has room for the load", () => {
  const { config } = read({});
  if ("lab" in config.target) throw new Error("a server was drafted");
  const { checkout, "stock-sync": sync, "order-import": orders, "picking-wave": waves, "store-orders": bursts } = config.workload;
  const perMinute =
    (checkout?.checkoutsPerMinute ?? 0) +
    (sync?.syncsPerMinute ?? 0) +
    (orders?.ordersPerMinute ?? 0) +
    (waves?.wavesPerMinute ?? 0) +
    (bursts?.burstsPerMinute ?? 0);
  expect(perMinute).toBeGreaterThan(50);
  expect(config.target.writeBudget).toBeGreaterThan(3.25 * perMinute);
});

test("what the server cannot do is left out, with the module that is missing", () => {
  const missing = {
    text: "lacks the capability picking-wave: the module\nstock_picking_batch is not installed",
    remedy: "Install it.",
  };
  const { text, config } = read({ scenarios: [can("order-import"), { scenario: "picking-wave", missing }] });
  expect(Object.keys(config.workload)).toEqual(["load", "warmup", "order-import"]);
  expect(text).toMatch(/^ {2}# picking-wave: left out: .*the module stock_picking_batch is not installed$/m);
});

test("waves ask for no more pickings than there are, and carts for no more products", () => {
  const few = read({ scenarios: [can("checkout", { products: 1 }), can("picking-wave", { pickings: 40 })] });
  expect(few.config.workload.checkout).toMatchObject({ productsPerCart: 1 });
  expect(few.config.workload["picking-wave"]).toEqual({ wavesPerMinute: 4, pickingsPerWave: 3 });
  const none = read({ scenarios: [can("checkout"), can("picking-wave", { pickings: 5 })] });
  expect(none.config.workload["picking-wave"]).toBeUndefined();
  expect(none.text).toContain("# picking-wave: left out: 5 ready pickings are too few");
});

test("what must be done before a load stands at the head", () => {
  const { text } = read({ locks: [{ text: "the database did not say that it may be loaded", remedy: "Set the marker." }] });
  expect(text).toMatch(/^# BEFORE A LOAD: the database did not say that it may be loaded\n# {3}Set the marker\.$/m);
});
