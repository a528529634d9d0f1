import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createBundle } from "../../src/bundle/run/writer.ts";
import { runStart } from "../evidence/recorded-bundle.ts";
import { type KilledRun, killedRun } from "../odoo/cleanup/killed-run.ts";
import { openStandIn, type StandIn } from "../odoo/cleanup/stand-in-odoo.ts";
import { callMain } from "./call-main.ts";

/** What the cleanup of killed-run.ts says. Each figure follows from what that run wrote. */
const TABLE = `run 261121-0930-k3x, baseline (database shop)
  model                    removed cancelled  reversed      left     stays
  mail.mail                      1         0         0         0         1
  payment.transaction            1         0         0         0         1
  payment.token                  2         0         0         0         0
  stock.picking                  5         0         5         0         8
  stock.picking.batch            1         0         0         0         1
  pos.payment                    1         0         0         0         0
  pos.order                      1         0         0         0         2
  sale.order                     6         1         0         0         1
  stock.inventory                1         0         0         0         2
  stock.quant                    0         0         2         0         0
  res.partner                    1         0         0         0         1
  utm.campaign                   1         0         0         0         0
  account.move                   0         0         0         0         3
  pos.session                    0         0         0         0         3
  account.bank.statement         0         0         0         0         3
  stock.move                     0         0         0         0         4
  mail.message                   0         0         0         0         1
  cannot be undone:
    1 mail.mail: sent (Your order)
    1 payment.transaction: payment posted (S21-1)
    3 account.move: posted (BNK/1, POSS/1, POSS/1071)
    1 stock.picking.batch: deliveries done (pp-261121-0930-k3x-b-pw-1)
    2 pos.order: posted (pp-261121-0930-k3x-b-so-1, pp-261121-0930-k3x-b-so-2)
    3 pos.session: closed and posted (POS/00001 pp-261121-0930-k3x-b-so-till-1, POS/00002 pp-261121-0930-k3x-b-so-till-2, POS/00003 pp-261121-0930-k3x-b-so-till-3)
    3 account.bank.statement: belongs to its session (POS/00001 pp-261121-0930-k3x-b-so-till-1, POS/00002 pp-261121-0930-k3x-b-so-till-2, POS/00003 pp-261121-0930-k3x-b-so-till-3)
    4 stock.picking: done, goods returned (OUT/3, OUT/5, POS/1, POS/2)
    4 stock.picking: done, return of a delivery (RETURN/OUT/3, RETURN/OUT/5, RETURN/POS/1, RETURN/POS/2)
    1 sale.order: delivered (S13)
    1 stock.inventory: applied, stock change reversed (pp-261121-0930-k3x-b-ss-1)
    1 stock.inventory: applied, reversed other counts (pp-261121-0930-k3x-b-back)
    4 stock.move: done (INV:pp-261121-0930-k3x-b-ss-1, INV:pp-261121-0930-k3x-b-back, …)
    1 res.partner: used by a posted entry (pp-261121-0930-k3x-b-co-1)
    1 mail.message: message of a record that stays (OUT/5)
  the final scan found no other record with the stamp pp-261121-0930-k3x-b-*
  never undone: numbers of sequences that were used, visitors and page views of the shop, procurement groups, stock valuation
`;

let folder = "";
let run: KilledRun;
let odoo: StandIn;

const SECRETS = { SHOP_PASSWORD: "x", ADMIN_PASSWORD: "y" };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "peakproof-cleanup-"));
  run = killedRun();
  odoo = await openStandIn(run.tables);
  const { host } = new URL(odoo.baseUrl);
  const baseline = { url: odoo.baseUrl, database: "shop", login: "api", passwordEnv: "SHOP_PASSWORD" };
  const target = { name: "staging", allowed: [host], arms: { baseline } };
  const workload = { load: "10s", warmup: "1s", "order-import": { ordersPerMinute: 6, linesPerOrder: 1 } };
  writeFileSync(join(folder, "peakproof.yaml"), JSON.stringify({ target, workload }));
  await bundle("killed", "shop");
});
afterEach(async () => {
  await odoo.close();
  rmSync(folder, { recursive: true });
});

/** A harness that was killed leaves a manifest, the plan, and k6's log. */
async function bundle(name: string, database: string, { runId = "261121-0930-k3x", minute = 30 } = {}) {
  const names = ["checkout", "stock-sync", "order-import", "picking-wave", "store-orders"];
  const workload = { scenarios: Object.fromEntries(names.map((scenario) => [scenario, { perMinute: 6, size: 1 }])) };
  const start = { ...runStart, runId, arms: ["baseline"] as const, workload };
  const writer = await createBundle(join(folder, name), { ...start, loadStartMs: Date.UTC(2026, 10, 21, 9, minute) });
  const plan = { arms: { baseline: { baseUrl: odoo.baseUrl, database } } };
  writeFileSync(join(writer.paths.k6Folder, "plan.json"), JSON.stringify(plan));
  return writer;
}

const cleanup = (...args: readonly string[]) => callMain(["cleanup", ...args], folder, SECRETS);

test("a table of what was done goes to stdout, what stays is told with its reason, and it ends with 0", async () => {
  const { code, out } = await cleanup("killed");
  expect(code).toBe(0);
  expect(out).toBe(TABLE);
});

test("as JSON it is the same for programs, and the second time there is nothing to do", async () => {
  await cleanup("killed");
  const { code, out } = await cleanup("killed", "--format", "json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([
    { runId: "261121-0930-k3x", arm: "baseline", stamp: "pp-261121-0930-k3x-b-", models: [] },
  ]);
});

test("of several runs the latest is undone first", async () => {
  await bundle("later", "shop", { runId: "261121-0940-abc", minute: 40 });
  const { out } = await cleanup("killed", "later", "--format", "json");
  const order = JSON.parse(out).map(({ runId }: { runId: string }) => runId);
  expect(order).toEqual(["261121-0940-abc", "261121-0930-k3x"]);
});

test("it ends with 4 where something is left that could be undone", async () => {
  odoo.refuse("sale.order.action_cancel", run.importedOrder, "locked");
  const { code, out } = await cleanup("killed");
  expect(code).toBe(4);
  expect(out).toContain("1 sale.order: Odoo refuses: locked (S11)");
});

test("another user than that of the load may clean up", async () => {
  const { code } = await cleanup("killed", "--login", "admin", "--password-env", "ADMIN_PASSWORD");
  expect(code).toBe(0);
});

test.each([
  { name: "no bundle", argv: [], says: "at least one run bundle" },
  { name: "a login without a password", argv: ["killed", "--login", "admin"], says: "--password-env" },
  { name: "an unknown format", argv: ["killed", "--format", "html"], says: "unknown format" },
  { name: "a folder that is no bundle", argv: ["nowhere"], says: "not a run bundle" },
  { name: "the lab, which needs no cleanup", argv: ["killed", "--config", "lab.yaml"], says: "fresh clone" },
  {
    name: "a run of another database",
    argv: ["other"],
    says: "loaded database elsewhere; the config now names shop for the baseline",
  },
  { name: "a bundle that was imported", argv: ["imported"], says: "was imported" },
])("$name ends with 2 and changes nothing", async ({ argv, says }) => {
  const workload = { load: "10s", warmup: "1s", "order-import": { ordersPerMinute: 6, linesPerOrder: 1 } };
  writeFileSync(join(folder, "lab.yaml"), JSON.stringify({ target: { lab: "native" }, workload }));
  await bundle("other", "elsewhere");
  const { paths } = await bundle("imported", "shop");
  writeFileSync(paths.manifest, readFileSync(paths.manifest, "utf8").replace('"aborted"', '"imported"'));
  const { code, err, out } = await cleanup(...argv);
  expect({ code, err, out }).toEqual({ code: 2, err: expect.stringContaining(says), out: "" });
  expect(odoo.writes).toEqual([]);
});
