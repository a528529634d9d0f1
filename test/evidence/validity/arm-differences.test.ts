import { join } from "node:path";

import { expect, test } from "vitest";

import type { RunStart } from "../../../src/bundle/run/writer.ts";
import type { Arm } from "../../../src/domain/arm.ts";
import type { Evidence, ValidityFact } from "../../../src/domain/judgement/evidence.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { DUET_START_MS, policy, recordBundle, runStart, temporaryFolder } from "../recorded-bundle.ts";
import { everySecond } from "../recorded-readings.ts";

const folder = temporaryFolder();
let bundles = 0;

async function factsOf(readings: readonly Reading[], start: Partial<RunStart> = {}): Promise<readonly ValidityFact[]> {
  const bundle = join(folder, `bundle-${(bundles += 1)}`);
  await recordBundle(bundle, { readings, start });
  return factsIn(await readEvidence({ kind: "together", bundles: [bundle] }, { policy, choose: () => [] }));
}

const factsIn = ({ validity }: Evidence) => validity.filter(({ code }) => code !== "host-unknown");

function atStart(name: string, value: number, arm: Arm | null, labels: Readonly<Record<string, string>> = {}): Reading {
  return { timeMs: DUET_START_MS - 4000, arm, probe: "postgres", name, labels, value };
}

const rows = (table: string, baseline: number, candidate: number) => [
  atStart("live_rows", baseline, "baseline", { table }),
  atStart("live_rows", candidate, "candidate", { table }),
];

const setting = (name: string, value: string, arm: Arm | null) => atStart("server_setting", 1, arm, { name, setting: value });

test("arms that hold other orders do other work: the run is invalid", async () => {
  const facts = await factsOf([...rows("sale_order", 10_000, 10_600), ...rows("stock_quant", 500, 500)]);
  expect(facts).toMatchObject([{ code: "data-differs", severity: "invalid" }]);
  expect(facts[0]?.text).toBe("the arms did not hold the same data when the load began: sale_order 10000 against 10600 rows");
});

test.each([
  { name: "rows that differ by less than 5 %", readings: rows("sale_order", 10_000, 10_400) },
  { name: "a handful of rows of a small table", readings: rows("sale_order", 40, 70) },
  { name: "a table that only one arm has", readings: [atStart("live_rows", 900, "candidate", { table: "retail_rule" })] },
])("$name are the same data", async ({ readings }) => {
  expect(await factsOf(readings)).toEqual([]);
});

test("other tables and the size of the database are worth knowing", async () => {
  const sizes = [atStart("database_bytes", 400 * 2 ** 20, "baseline"), atStart("database_bytes", 500 * 2 ** 20, "candidate")];
  const facts = await factsOf([...sizes, ...rows("mail_message", 1000, 9000)]);
  expect(facts).toMatchObject([{ code: "size-differs", severity: "info" }]);
  expect(facts[0]?.text).toBe("the databases have 400 MiB against 500 MiB, mail_message 1000 against 9000 rows");
});

test("settings of the release, of Odoo and of a database that differ are named", async () => {
  const identity = (odoo: string) => ({ label: odoo, identity: { odoo } });
  const facts = await factsOf(
    [setting("work_mem", "4MB", null), setting("jit", "on", null), setting("work_mem", "64MB", "candidate")],
    {
      settings: { "baseline.workers": "2", "candidate.workers": "4", "baseline.cronThreads": "0", "candidate.cronThreads": "0" },
      releases: { baseline: identity("16.0"), candidate: identity("17.0") },
    },
  );
  expect(facts).toMatchObject([{ code: "settings-differ", severity: "info" }]);
  const told = "Odoo version 16.0 against 17.0, Odoo workers 2 against 4, PostgreSQL work_mem 4MB against 64MB";
  expect(facts[0]?.text).toBe(`the arms had different settings: ${told}`);
});

test("runs of one arm each are compared with their partner: machine and servers too, and their growth invalidates nothing", async () => {
  const side = async (arm: Arm, readings: readonly Reading[]) => {
    const bundle = join(folder, `side-${arm}`);
    const start = {
      arms: [arm],
      runId: arm,
      schedule: { kind: "sequential", arm },
      settings: { [`${arm}.workers`]: "2" },
    } as const;
    await recordBundle(bundle, { readings, start: { ...runStart, ...start } });
    return bundle;
  };
  const baseline = await side("baseline", [
    atStart("host_cores", 2, null),
    setting("shared_buffers", "128MB", null),
    atStart("live_rows", 1000, "baseline", { table: "sale_order" }),
  ]);
  const candidate = await side("candidate", [
    atStart("host_cores", 8, null),
    setting("shared_buffers", "1GB", null),
    atStart("live_rows", 1400, "candidate", { table: "sale_order" }),
  ]);
  const compared = { kind: "sides", baseline: [baseline], candidate: [candidate] } as const;
  const facts = factsIn(await readEvidence(compared, { policy, choose: () => [] }));
  const texts = facts.map(({ code, severity, text }) => `${code} ${severity} ${text}`);
  expect(texts).toContain(
    "settings-differ info the arms had different settings: cores of the machine 2 against 8, PostgreSQL shared_buffers 128MB against 1GB",
  );
  expect(texts.find((text) => text.startsWith("data-differs info"))).toContain("sale_order 1000 against 1400 rows");
});

test("statements that PostgreSQL forgot during the run make attribution poorer", async () => {
  const forgotten = everySecond("statement_evictions", (second) => (second > 3 ? 1 : 0), { arm: "candidate" });
  const kept = everySecond("statement_evictions", () => 0, { arm: "baseline" });
  const facts = await factsOf([...forgotten, ...kept]);
  expect(facts).toMatchObject([{ code: "statements-evicted", severity: "info" }]);
  expect(facts[0]?.text).toContain("pg_stat_statements was full in the candidate:");
  expect(await factsOf(kept)).toEqual([]);
});

test("what the load of a round has left is no difference of the next one", async () => {
  const round = async (number: number, candidate: number) => {
    const bundle = join(folder, `bundle-${(bundles += 1)}`);
    const start = { runId: `run-${bundles}`, round: { campaign: "c", number, firstLook: 1 } };
    await recordBundle(bundle, { readings: rows("sale_order", 10_000, candidate), start });
    return bundle;
  };
  const [same, other, later] = [await round(1, 10_000), await round(1, 10_600), await round(2, 10_600)];
  const facts = async (...paths: readonly string[]) =>
    factsIn(await readEvidence({ kind: "together", bundles: paths }, { policy, choose: () => [] })).map(({ code }) => code);
  expect(await facts(same, later)).not.toContain("data-differs");
  expect(await facts(other, later)).toContain("data-differs");
  expect(await facts(later)).toContain("data-differs");
});
