import { join } from "node:path";

import { expect, test } from "vitest";

import type { Arm } from "../../../src/domain/arm.ts";
import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { policy, recordBundle, temporaryFolder } from "../recorded-bundle.ts";
import { during, everySecond, from } from "../recorded-readings.ts";

const folder = temporaryFolder();
let bundles = 0;

/** Four blocks of two seconds each. */
async function evidenceOf(readings: readonly Reading[]): Promise<Evidence> {
  const bundle = join(folder, `bundle-${(bundles += 1)}`);
  await recordBundle(bundle, { readings });
  return readEvidence({ kind: "together", bundles: [bundle] }, { policy, choose: () => [] });
}

const leftOut = ({ blocks }: Evidence) => blocks.flatMap(({ index, disturbance }) => (disturbance === null ? [] : [index]));
const marks = ({ timeline }: Evidence) => timeline.events.map(({ atMs, kind, label }) => [atMs, kind, label]);
const facts = ({ validity }: Evidence) => validity.map(({ code, severity }) => [code, severity]);

/** What follows from no host readings at all, and has nothing to do with events. */
const hostUnknown = ["host-unknown", "info"];

const maintenance = (kind: string, by: string, arm: Arm | null) =>
  everySecond("maintenance", during(2, 2), { arm, labels: { kind, by } });

test.each([
  { what: "PostgreSQL", readings: everySecond("server_start_ms", (second) => (second < 7 ? 5 : 9)) },
  { what: "Redis", readings: everySecond("server_run", (second) => (second < 7 ? 77 : 12), { probe: "redis" }) },
])("a restart of $what takes its block out, with a mark and a fact", async ({ what, readings }) => {
  const evidence = await evidenceOf(readings);
  expect(leftOut(evidence)).toEqual([3]);
  expect(evidence.blocks[3]?.disturbance).toBe(`${what} was restarted`);
  expect(marks(evidence)).toEqual([[6000, "restart", `${what} was restarted`]]);
  expect(facts(evidence)).toEqual([["restart", "disturbed"], hostUnknown]);
});

test.each([
  { what: "pg_dump of a backup job", readings: maintenance("logical_backup", "other", "candidate"), want: [1] },
  { what: "a base backup", readings: maintenance("basebackup", "other", null), want: [1] },
  { what: "an index build of somebody else", readings: maintenance("create_index", "other", "candidate"), want: [1] },
  { what: "an index build of the candidate's Odoo", readings: maintenance("create_index", "odoo", "candidate"), want: [] },
  { what: "an index build of the baseline's Odoo", readings: maintenance("create_index", "odoo", "baseline"), want: [1] },
  { what: "pg_dump that the candidate's Odoo started", readings: maintenance("logical_backup", "odoo", "candidate"), want: [] },
])("$what takes out the blocks $want", async ({ readings, want }) => {
  const evidence = await evidenceOf(readings);
  expect(leftOut(evidence)).toEqual(want);
  expect(marks(evidence)).toHaveLength(1);
});

/** Each kind of event that a release can cause, hitting one arm in the last two seconds. */
const ownEvents = [
  { kind: "registry-reload", of: (arm: Arm) => everySecond("registry_reloads", from(7), { arm, probe: "odoo" }) },
  { kind: "cron", of: (arm: Arm) => everySecond("cron_busy_ms", from(7, 3000), { arm, probe: "odoo" }) },
  { kind: "restart", of: (arm: Arm) => everySecond("odoo_masters", (second) => (second < 7 ? 1 : 0), { arm, probe: "host" }) },
];

test.each(ownEvents)("$kind in the candidate alone stays in its figures, and is named", async ({ kind, of }) => {
  const evidence = await evidenceOf(of("candidate"));
  expect(leftOut(evidence)).toEqual([]);
  expect(marks(evidence).map(([, found]) => found)).toEqual([kind]);
  expect(facts(evidence)).toEqual([hostUnknown, ["candidate-events", "info"]]);
});

test.each(ownEvents)(
  "$kind in the baseline alone takes its block out, for it would excuse the candidate",
  async ({ kind, of }) => {
    const evidence = await evidenceOf(of("baseline"));
    expect(leftOut(evidence)).toEqual([3]);
    expect(facts(evidence)).toEqual([[kind, "disturbed"], hostUnknown]);
  },
);

test.each(ownEvents)("$kind in both arms is noise that they share: two marks, no more", async ({ of }) => {
  const evidence = await evidenceOf([...of("baseline"), ...of("candidate")]);
  expect(leftOut(evidence)).toEqual([]);
  expect(marks(evidence)).toHaveLength(2);
  expect(facts(evidence)).toEqual([hostUnknown]);
});

test("the fact says how much the candidate had", async () => {
  const reloads = everySecond("registry_reloads", (second) => Math.max(0, second), { arm: "candidate", probe: "odoo" });
  const jobs = everySecond("cron_busy_ms", from(5, 4500), { arm: "candidate", probe: "odoo" });
  const evidence = await evidenceOf([...reloads, ...jobs]);
  const fact = evidence.validity.find(({ code }) => code === "candidate-events");
  expect(fact?.text).toBe("events in the candidate alone, which are part of its figures: registry reload (9), cron jobs (4.5 s)");
});

test("jobs that only look whether there is work make no mark", async () => {
  const evidence = await evidenceOf(everySecond("cron_busy_ms", from(5, 120), { arm: "candidate", probe: "odoo" }));
  expect(marks(evidence)).toEqual([]);
  expect(facts(evidence)).toEqual([hostUnknown]);
});

test("checkpoints and autovacuum follow from the work itself: marks, even in the baseline alone", async () => {
  const evidence = await evidenceOf([
    ...everySecond("checkpoints", from(4)),
    ...maintenance("vacuum", "server", "baseline"),
    ...everySecond("autovacuum_workers", (second) => (second === 5 || second === 6 ? 1 : 0), { arm: "baseline" }),
  ]);
  expect(leftOut(evidence)).toEqual([]);
  expect(marks(evidence)).toEqual([
    [3000, "checkpoint", "checkpoint"],
    [5000, "autovacuum", "autovacuum in the baseline, 2.0 s"],
  ]);
  expect(facts(evidence)).toEqual([hostUnknown]);
});

test("what happened before the load is none of its events", async () => {
  const evidence = await evidenceOf(everySecond("server_start_ms", (second) => (second < 0 ? 5 : null)));
  expect(marks(evidence)).toEqual([]);
});

test.each([
  { name: "forwards", step: 500, label: "0.5 s" },
  { name: "backwards", step: -400, label: "-0.4 s" },
])("a clock that is set $name spoils everything from there on", async ({ step, label }) => {
  const evidence = await evidenceOf(everySecond("clock_drift_ms", from(5, step), { probe: "host" }));
  expect(leftOut(evidence)).toEqual([2, 3]);
  expect(marks(evidence)).toEqual([[4000, "clock-step", `the clock of the loading machine was set by ${label}`]]);
  expect(facts(evidence)[0]).toEqual(["clock-step", "disturbed"]);
});

test("a clock that was set before the load, or by less than matters, spoils nothing", async () => {
  expect(leftOut(await evidenceOf(everySecond("clock_drift_ms", from(0, 5000), { probe: "host" })))).toEqual([]);
  expect(leftOut(await evidenceOf(everySecond("clock_drift_ms", from(5, 80), { probe: "host" })))).toEqual([]);
});
