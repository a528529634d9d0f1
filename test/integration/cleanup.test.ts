import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { CleanedArm } from "../../src/domain/load/ledger.ts";
import { SCENARIO_NAMES } from "../../src/domain/load/plan.ts";
import type { RunManifest } from "../../src/domain/load/run.ts";
import type { ArmEndpoint } from "../../src/domain/target/target.ts";
import { flushRedis } from "../../src/lab/services/redis.ts";
import { openRunningLab, type RunningLab } from "../../src/lab/services/running-lab.ts";
import { readLedger } from "../../src/load/k6-output.ts";
import { checkInvariants, type InvariantSnapshot, snapshotInvariants } from "../../src/odoo/invariants/check-invariants.ts";
import { callPeakproof, type Ended } from "./call-peakproof.ts";
import { useLab } from "./lab.ts";

/** These tests are a user's own server: an arm of the lab, named in the config by its URL, loaded and cleaned by the program. */
const lab = useLab();
let running: RunningLab;
let endpoint: ArmEndpoint;
let folder = "";

beforeAll(async () => {
  const prepared = await lab.prepare({ baseline: "1.0" });
  running = await openRunningLab(lab.options);
  const { baseline } = prepared.target.arms;
  if (baseline === undefined) throw new Error("the lab prepared no baseline");
  endpoint = baseline;
  folder = mkdtempSync(join(tmpdir(), "peakproof-cleanup-"));
  mkdirSync(join(folder, "reports"));
  writeConfig("peakproof.yaml", 1000);
  writeConfig("small-budget.yaml", 5);
  writeConfig("tills.yaml", 1000, {
    load: "40s",
    warmup: "5s",
    "store-orders": { burstsPerMinute: 24, ordersPerBurst: 3 },
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const EVERY_SCENARIO = {
  load: "60s",
  warmup: "5s",
  checkout: { checkoutsPerMinute: 30, productsPerCart: 2 },
  "stock-sync": { syncsPerMinute: 12, skusPerSync: 8 },
  "order-import": { ordersPerMinute: 30, linesPerOrder: 3 },
  "picking-wave": { wavesPerMinute: 12, pickingsPerWave: 2 },
  "store-orders": { burstsPerMinute: 12, ordersPerBurst: 3 },
};

function writeConfig(name: string, writeBudget: number, workload: object = EVERY_SCENARIO): void {
  const { baseUrl, database, login } = endpoint;
  const secrets = { passwordEnv: "SHOP_PASSWORD", invariantsDsnEnv: "SHOP_INVARIANTS_DSN" };
  const config = {
    target: {
      name: "an arm of the lab",
      allowed: [new URL(baseUrl).host],
      writeBudget,
      arms: { baseline: { url: baseUrl, database, login, ...secrets } },
    },
    workload,
  };
  // JSON is YAML.
  writeFileSync(join(folder, name), JSON.stringify(config, null, 2));
}

function peakproof(args: readonly string[], onSaid?: (text: string, pid: number) => void): Promise<Ended> {
  return callPeakproof(args, {
    folder,
    environment: {
      SHOP_PASSWORD: endpoint.password,
      SHOP_INVARIANTS_DSN: endpoint.invariantsDsn ?? "",
      // The administrator that Odoo makes with every database; the lab listens on loopback only.
      SHOP_ADMIN_PASSWORD: "admin",
    },
    ...(onSaid === undefined ? {} : { onSaid }),
  });
}

const asAdmin = ["--login", "admin", "--password-env", "SHOP_ADMIN_PASSWORD"];

/** ask runs one statement as superuser and gives the first column of its rows as text. */
function ask(sql: string, values: readonly string[] = []): Promise<readonly string[]> {
  return running.withDatabase(endpoint.database, async (client) => {
    const { rows } = await client.query<{ value: string }>(sql, [...values]);
    return rows.map(({ value }) => value);
  });
}

const STOCK = `select format('%s at %s: %s', product_id, location_id, round(sum(quantity)::numeric, 4)) as value
  from stock_quant where location_id in (select id from stock_location where usage = 'internal')
  group by product_id, location_id having round(sum(quantity)::numeric, 4) <> 0 order by product_id, location_id`;

const LOGINS = "select count(*)::text as value from res_users_log";

describe("before the first write", () => {
  test("a plan above the write budget ends with 2", async () => {
    const before = await ask(LOGINS);
    const { code, err } = await peakproof(["run", "--release", "live", "--config", "small-budget.yaml", "--out", "never"]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("target.writeBudget allows 5") });
    expect(await ask(LOGINS)).toEqual(before);
  });

  test("a mail server that is real ends with 4, and so does an acquirer that takes money", async () => {
    const before = await ask(LOGINS);
    await ask(
      `insert into ir_mail_server (name, smtp_host, smtp_port, smtp_encryption, active)
        values ('Real', 'mail.example.com', 25, 'none', true)`,
    );
    const mail = await peakproof(["run", "--release", "live", "--out", "never"]);
    await ask("delete from ir_mail_server where name = 'Real'");
    expect({ code: mail.code, err: mail.err }).toEqual({ code: 4, err: expect.stringContaining("mail.example.com") });

    const [acquirer = ""] = await ask("select min(id)::text as value from payment_acquirer where provider <> 'test'");
    const [state = ""] = await ask("select state as value from payment_acquirer where id = $1", [acquirer]);
    await ask("update payment_acquirer set state = 'enabled' where id = $1", [acquirer]);
    const money = await peakproof(["doctor"]);
    await ask("update payment_acquirer set state = $2 where id = $1", [acquirer, state]);
    expect({ code: money.code, out: money.out }).toEqual({ code: 4, out: expect.stringContaining("is enabled") });
    // The doctor logs in, the run did not.
    expect(Number((await ask(LOGINS))[0])).toBeLessThanOrEqual(Number(before[0]) + 1);
  });
});

describe("a run of tills", () => {
  let stockBefore: readonly string[] = [];
  let manifest: RunManifest;

  beforeAll(async () => {
    stockBefore = await ask(STOCK);
    await peakproof(["run", "--release", "live", "--config", "tills.yaml", "--out", "tills"]);
    manifest = JSON.parse(readFileSync(join(folder, "tills/run.json"), "utf8"));
  });

  test("makes every order once, as it was sent, moves its goods and closes its sessions in balance", () => {
    expect(manifest).toMatchObject({ status: "complete", volumes: [{ scenario: "store-orders", failed: 0, dropped: 0 }] });
    for (const id of ["store-orders-once", "store-orders-as-sent", "store-stock-moved", "store-sessions-balanced", "pos-once"]) {
      const result = manifest.invariants.find((one) => one.id === id);
      expect({ id, status: result?.status, some: (result?.checked ?? 0) > 0 }).toEqual({ id, status: "intact", some: true });
    }
    expect(manifest.invariants.filter(({ status }) => status !== "intact")).toEqual([]);
  });

  test("leaves tills that a next run can open", async () => {
    expect(await ask("select name as value from pos_session where state <> 'closed'")).toEqual([]);
  });

  test("is cleaned: the goods come back, and what was posted is listed", async () => {
    const { code, out } = await peakproof(["cleanup", "tills", "--config", "tills.yaml", "--format", "json", ...asAdmin]);
    const [result]: CleanedArm[] = JSON.parse(out);
    expect(code).toBe(0);
    expect(result?.kept.filter(({ irreversible }) => !irreversible)).toEqual([]);
    expect(result?.kept.map(({ model }) => model)).toEqual(expect.arrayContaining(["pos.session", "pos.order", "account.move"]));
    expect(await ask(STOCK)).toEqual(stockBefore);
  });
});

describe("a run of tills whose server forgets all sessions", () => {
  let forgotten = "";

  async function forget(): Promise<void> {
    await flushRedis(lab.state().ports.redis);
    [forgotten = ""] = await ask("select (now() at time zone 'UTC')::text as value");
  }

  beforeAll(async () => {
    let isLoading = false;
    await peakproof(["run", "--release", "live", "--config", "tills.yaml", "--out", "forgotten"], (text) => {
      if (isLoading || !text.includes("Loading live")) return;
      isLoading = true;
      setTimeout(() => void forget(), 20_000);
    });
  });

  test("says so, logs in again and goes on", async () => {
    const manifest: RunManifest = JSON.parse(readFileSync(join(folder, "forgotten/run.json"), "utf8"));
    expect(readFileSync(join(folder, "forgotten/k6/console.log"), "utf8")).toContain('\\"failure\\":\\"session\\"');
    expect(manifest.volumes).toEqual([expect.objectContaining({ scenario: "store-orders", dropped: 0 })]);
    expect(manifest.volumes[0]?.failed).toBeGreaterThan(0);
    const later = "select count(*)::text as value from pos_order where create_date > $1::timestamp + interval '5 seconds'";
    expect(Number((await ask(later, [forgotten]))[0])).toBeGreaterThan(0);
  });

  test("leaves tills that a next run can open", async () => {
    expect(await ask("select name as value from pos_session where state <> 'closed'")).toEqual([]);
  });
});

describe("a run that was killed in mid-flight, loader and harness", () => {
  let since = "";
  let stockBefore: readonly string[] = [];
  let rules: InvariantSnapshot;
  let refused: Ended;
  let cleaned: Ended;
  let again: Ended;

  beforeAll(async () => {
    const dsn = endpoint.invariantsDsn ?? "";
    [since = ""] = await ask("select (now() at time zone 'UTC')::text as value");
    stockBefore = await ask(STOCK);
    rules = await snapshotInvariants(dsn);
    let isLoading = false;
    await peakproof(["run", "--release", "live", "--out", "killed"], (text, pid) => {
      if (isLoading || !text.includes("Loading live")) return;
      isLoading = true;
      setTimeout(() => killBoth(pid), 35_000);
    });
    refused = await peakproof(["cleanup", "killed"]);
    cleaned = await peakproof(["cleanup", "killed", "--format", "json", ...asAdmin]);
    again = await peakproof(["cleanup", "killed", "--format", "json", ...asAdmin]);
  });

  const resultOf = ({ out }: Ended): CleanedArm[] => JSON.parse(out);

  test("has written records of every scenario that writes, and no ledger of its own", async () => {
    expect(readFileSync(join(folder, "killed/created.ndjson"), "utf8")).toBe("");
    const ledger = await readLedger(join(folder, "killed/k6/console.log"));
    const done = new Set(ledger.filter(({ ledger: kind }) => kind === "done").map(({ scenario }) => scenario));
    expect([...done].sort()).toEqual(SCENARIO_NAMES.filter((name) => name !== "browse").sort());
  });

  test("is not cleaned by a user that may not delete what it made: nothing is changed, the rights are named", () => {
    expect({ code: refused.code, err: refused.err }).toEqual({
      code: 4,
      err: expect.stringMatching(/unlink res\.partner.*nothing was changed[\s\S]*Contact Creation/),
    });
  });

  test("is cleaned by an administrator: the scan finds nothing but what cannot be undone", () => {
    expect(cleaned.code).toBe(0);
    const [result] = resultOf(cleaned);
    expect(result?.kept.filter(({ irreversible }) => !irreversible)).toEqual([]);
    for (const model of ["sale.order", "stock.picking", "stock.quant"]) {
      const counts = result?.models.find((entry) => entry.model === model);
      expect({ model, some: (counts?.removed ?? 0) + (counts?.reversed ?? 0) > 0 }).toEqual({ model, some: true });
    }
  });

  test("leaves no record behind that a look into the tables would find", async () => {
    const left = async (what: string, where: string) => {
      const sql = `select count(*)::text as value from ${what} as t where t.create_date >= $1::timestamp and ${where}`;
      return [what, Number((await ask(sql, [since]))[0])] as const;
    };
    const named = "select 1 from account_move_line l where l.partner_id = t.id";
    expect(
      Object.fromEntries([
        await left("sale_order", "true"),
        await left("payment_token", "true"),
        await left("payment_transaction", "t.payment_id is null"),
        await left("res_partner", `not exists (${named})`),
        await left("stock_picking", "t.state <> 'done'"),
        await left("stock_picking_batch", "t.state <> 'done'"),
        await left("stock_inventory", "t.state <> 'done'"),
        await left("pos_session", "t.state <> 'closed'"),
        await left("pos_order", "t.state <> 'done'"),
        await left("mail_mail", "t.state not in ('sent', 'received')"),
        await left("utm_campaign", "true"),
      ]),
    ).toEqual({
      sale_order: 0,
      payment_token: 0,
      payment_transaction: 0,
      res_partner: 0,
      stock_picking: 0,
      stock_picking_batch: 0,
      stock_inventory: 0,
      pos_session: 0,
      pos_order: 0,
      mail_mail: 0,
      utm_campaign: 0,
    });
  });

  test("gives back the stock of every product at every location", async () => {
    expect(await ask(STOCK)).toEqual(stockBefore);
  });

  test("leaves the business intact", async () => {
    const results = await checkInvariants(endpoint.invariantsDsn ?? "", { arm: "baseline", ledger: [], snapshot: rules });
    expect(results.length).toBeGreaterThan(10);
    expect(results.filter(({ status }) => status !== "intact").map(({ id, examples }) => ({ id, examples }))).toEqual([]);
  });

  test("is cleaned once: the second time changes nothing and finds the same", () => {
    expect(again.code).toBe(0);
    expect(resultOf(again)[0]?.models).toEqual([]);
    expect(resultOf(again)[0]?.kept).toEqual(resultOf(cleaned)[0]?.kept);
  });
});

/** The harness first: it must not get the time to write its ledger. k6 is in a group of its own and would go on. */
function killBoth(harness: number): void {
  const k6 = execFileSync("pgrep", ["-P", String(harness), "k6"], { encoding: "utf8" }).trim();
  process.kill(harness, "SIGKILL");
  process.kill(Number(k6), "SIGKILL");
}
