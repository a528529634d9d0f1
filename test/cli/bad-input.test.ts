import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, expect, test } from "vitest";

import { fixture, recordBundle, temporaryFolder } from "../evidence/recorded-bundle.ts";
import { callMain } from "./call-main.ts";

const folder = temporaryFolder();

const WORKLOAD = "workload:\n  load: 60s\n  warmup: 5s\n  order-import: { ordersPerMinute: 6, linesPerOrder: 3 }\n";
const config = (rule: string) => `target:\n  lab: native\n${WORKLOAD}policy:\n  indicators:\n    ${rule}\n`;
const files: Readonly<Record<string, () => string>> = {
  "older.csv": () => csv().replace(",metadata\n", "\n"),
  "newer.csv": () => csv().replace(",url,", ",uri,"),
  "one.csv": () => csv().replaceAll("page=", "instance_id=7&page="),
  "other.csv": () => csv().replaceAll("page=", "instance_id=7&key=b&page="),
  "same.csv": csv,
  "again.csv": csv,
  "unknown.yaml": () => config("chekout.latency-p50: { gate: true }"),
  "unknown-step.yaml": () => config("checkout.crat.latency-p50: { gate: true }"),
  "zero.yaml": () => config("checkout.latency-p50: { margin: { relative: 0 } }"),
  "known-step.yaml": () => config("checkout.cart.latency-p50: { gate: false }"),
};

function csv(): string {
  return readFileSync(fixture("foreign-unix.csv"), "utf8");
}

beforeAll(async () => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text());
  await recordBundle(join(folder, "bundle"));
  await recordBundle(join(folder, "newer"));
  const manifest = join(folder, "newer", "run.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace('"schemaVersion": 1', '"schemaVersion": 2'));
  await callMain(["compare", "bundle", "--out", "out"], folder);
  const verdict = readFileSync(join(folder, "out", "verdict.json"), "utf8");
  writeFileSync(join(folder, "newer.json"), verdict.replace('"schemaVersion": 2', '"schemaVersion": 3'));
});

test.each([
  {
    name: "a CSV of an older k6, which had no metadata",
    argv: ["import", "older.csv", "--out", "o1"],
    place: "older.csv:1: ",
    says: "no column metadata in the header",
    remedy: "k6 0.41 or later wrote with --out csv=FILE",
  },
  {
    name: "a CSV of a k6 that calls a column otherwise",
    argv: ["import", "newer.csv", "--out", "o2"],
    place: "newer.csv:1: ",
    says: "unknown column uri",
    remedy: "k6 0.41 or later wrote with --out csv=FILE",
  },
  {
    name: "two files of one k6 instance",
    argv: ["import", "one.csv", "other.csv", "--out", "o3"],
    place: "other.csv:2: ",
    says: 'the same k6 instance "7" as in ',
    remedy: "--tag instance_id=N",
  },
  {
    name: "one file under two names",
    argv: ["import", "same.csv", "again.csv", "--out", "o4"],
    place: "again.csv:1: ",
    says: "the same k6 instance as ",
    remedy: "Name every file once",
  },
  {
    name: "a bundle of a newer schema",
    argv: ["compare", "newer"],
    place: join("newer", "run.json:2: "),
    says: "schemaVersion 2 is newer than this peakproof knows (1)",
    remedy: "with the version of peakproof that wrote it",
  },
  {
    name: "a verdict of a newer schema",
    argv: ["report", "newer.json"],
    place: "newer.json:2: ",
    says: "schemaVersion 3 is newer than this peakproof knows (2)",
    remedy: "with the version of peakproof that wrote it",
  },
  {
    name: "a policy that names an unknown indicator",
    argv: ["compare", "bundle", "--config", "unknown.yaml"],
    place: "unknown.yaml:9: ",
    says: "there is no such indicator, did you mean `checkout.latency-p50`?",
    remedy: "Known: browse.completed-per-minute, ",
  },
  {
    name: "the same before a campaign loads anything",
    argv: ["campaign", "--baseline", "1.0", "--candidate", "1.1", "--config", "unknown.yaml"],
    place: "unknown.yaml:9: ",
    says: "there is no such indicator, did you mean `checkout.latency-p50`?",
    remedy: "Known: browse.completed-per-minute, ",
  },
  {
    name: "a policy that names a step that was not among those of the scenario",
    argv: ["compare", "bundle", "--config", "unknown-step.yaml"],
    place: "unknown-step.yaml:9: ",
    says: "policy.indicators.checkout.crat.latency-p50: there is no such indicator",
    remedy: "Known are: checkout.cart.latency-p50, ",
  },
  {
    name: "a margin of zero",
    argv: ["compare", "bundle", "--config", "zero.yaml"],
    place: "zero.yaml:9: ",
    says: "a margin must be above zero: no amount of load can show a change of exactly nothing",
    remedy: "Correct `policy.indicators.checkout.latency-p50.margin.relative`",
  },
  {
    name: "one run named twice",
    argv: ["compare", "bundle", "bundle"],
    place: "bundle ",
    says: "is the same run as ",
    remedy: "Name each run once",
  },
])("$name: exit 2 with file, line and remedy", async ({ argv, place, says, remedy }) => {
  const { code, out, err } = await callMain(argv, folder);
  expect(code).toBe(2);
  expect(out).toBe("");
  const [first = "", ...rest] = err.split("\n");
  expect(first).toContain(`error: ${join(folder, place)}`);
  expect(first).toContain(says);
  expect(rest.join("\n")).toContain(remedy);
});

test("a policy may name a step that was measured, in whatever file", async () => {
  expect((await callMain(["compare", "bundle", "--config", "known-step.yaml"], folder)).code).toBe(3);
});
