import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { beforeAll, expect, test } from "vitest";

import { readVerdict } from "../../src/bundle/run/verdict.ts";
import { VERSION } from "../../src/domain/version.ts";
import { recordBundle, temporaryFolder } from "../evidence/recorded-bundle.ts";
import { callMain } from "./call-main.ts";

const folder = temporaryFolder();
const original = join(folder, "original");

beforeAll(async () => {
  await recordBundle(join(original, "bundle"));
  for (const [arm, runId] of [
    ["baseline", "b1"],
    ["candidate", "c1"],
  ] as const) {
    await recordBundle(join(original, runId), { start: { runId, arms: [arm], schedule: { kind: "sequential", arm } } });
  }
  await callMain(["compare", "bundle", "--out", "."], original);
});

/** campaignFolder is a copy of a judged bundle with the verdict beside it, for one test to spoil. */
function campaignFolder(name: string): string {
  const copy = join(folder, name);
  cpSync(original, copy, { recursive: true });
  return copy;
}

function edit(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, "utf8");
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
}

test("an untouched verdict is verified, from whatever folder it is called", async () => {
  const own = campaignFolder("untouched");
  const { code, out } = await callMain(["report", join(own, "verdict.json"), "--verify"], dirname(folder));
  expect(out).toMatch(/^verified: .*verdict\.json\n {2}4 input files of 1 bundle: unchanged\n.*: \d+ bytes, identical\n$/);
  expect(code).toBe(0);
});

test("one byte of the samples changed: not verified, and the file is named", async () => {
  const own = campaignFolder("samples");
  const samples = join(own, "bundle", "samples.parquet");
  const bytes = readFileSync(samples);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(samples, bytes);
  const { code, out } = await callMain(["report", "verdict.json", "--verify"], own);
  expect(code).toBe(1);
  expect(out).toContain("not verified: input files of verdict.json were changed");
  expect(out).toContain(`${samples} was changed: sha256 `);
});

test.each([
  {
    name: "a margin of one change",
    change: (text: string) => text.replace(/("margin": \{\s*"relative": )[\d.]+/, "$10.9"),
    says: /changes\[checkout\.statements-per-transaction\]\.margin\.relative: 0\.9, judged again 0\.005\n/,
  },
  {
    name: "the verdict",
    change: (text: string) => text.replace(/"verdict": "\w+"/, '"verdict": "pass"'),
    says: /\n {2}verdict: "pass", judged again "inconclusive"\n/,
  },
  {
    name: "the policy",
    change: (text: string) => text.replace(/"equivalenceAlpha": [\d.]+/, '"equivalenceAlpha": 0.2'),
    says: /changes\[.*\]\.level: 0\.9, judged again 0\.6\n/,
  },
  {
    name: "a field that nobody judged",
    change: (text: string) => text.replace('"schemaVersion": 2,', '"schemaVersion": 2, "approvedBy": "me",'),
    says: /\n {2}approvedBy: "me", judged again nothing\n/,
  },
  {
    name: "the layout alone",
    change: (text: string) => JSON.stringify(JSON.parse(text)),
    says: /All values are identical, but the layout of the file was changed/,
  },
])("edited by hand, $name: not verified, and the field is named", async ({ name, change, says }) => {
  const own = campaignFolder(name.replaceAll(" ", "-"));
  edit(join(own, "verdict.json"), change);
  const { code, out } = await callMain(["report", "verdict.json", "--verify"], own);
  expect(out).toMatch(says);
  expect(out).toContain("not verified: verdict.json differs from the verdict on its bundles");
  expect(code).toBe(1);
});

test("another version with the same verdict is named, and is no difference", async () => {
  const own = campaignFolder("other-version");
  edit(join(own, "verdict.json"), (text) => text.replace(`"version": "${VERSION}"`, '"version": "0.0.7"'));
  const { code, out } = await callMain(["report", "verdict.json", "--verify"], own);
  expect(code).toBe(0);
  expect(out).toContain(`\n  made by peakproof 0.0.7; this is ${VERSION}, which gives the same verdict\n`);
});

test.each([
  {
    name: "another version",
    change: '"version": "0.0.7"',
    says: `made by peakproof 0.0.7; this is ${VERSION}, which may judge`,
  },
  { name: "no version", change: '"gone": true', says: "made by a version of peakproof that does not name itself; this is" },
  {
    name: "this version",
    change: `"version": "${VERSION}"`,
    says: "The verdict was edited, or another build of peakproof",
  },
])("where a verdict of $name differs, the version is named as a reason or ruled out", async ({ name, change, says }) => {
  const own = campaignFolder(`differs-by-${name.replaceAll(" ", "-")}`);
  edit(join(own, "verdict.json"), (text) =>
    text.replace(`"version": "${VERSION}"`, change).replace(/"verdict": "\w+"/, '"verdict": "pass"'),
  );
  const { code, out } = await callMain(["report", "verdict.json", "--verify"], own);
  expect(code).toBe(1);
  expect(out).toContain(says);
});

test("a verdict of schema 1 is verified with the fields and words of schema 1", async () => {
  const own = campaignFolder("schema-1");
  edit(join(own, "verdict.json"), (text) =>
    text
      .replace('"schemaVersion": 2', '"schemaVersion": 1')
      .replaceAll('"severity": "bars-pass"', '"severity": "info"')
      .replaceAll(
        /\n +"(?:scenario|step|quantity|judged)": (?:"[^"]*"|null|true|false),(?=\n +"(?:step|quantity|kind|baseline)")/g,
        "",
      ),
  );
  const { code, out } = await callMain(["report", "verdict.json", "--verify"], own);
  expect(out).toContain("verified: verdict.json");
  expect(code).toBe(0);
});

test("many fields that differ are counted and not listed", async () => {
  const own = campaignFolder("many");
  edit(join(own, "verdict.json"), (text) => text.replaceAll('"better": "lower"', '"better": "higher"'));
  const { out } = await callMain(["report", "verdict.json", "--verify"], own);
  expect(out.split("\n").filter((line) => line.includes('judged again "')).length).toBe(5);
  expect(out).toMatch(/\n {2}and \d+ more fields\n/);
});

test("a bundle that was moved and renamed is found where it is named, and it cannot be verified where it is not", async () => {
  const own = campaignFolder("moved");
  const elsewhere = join(folder, "archive");
  mkdirSync(elsewhere);
  renameSync(join(own, "bundle"), join(elsewhere, "kept-for-the-audit"));
  const lost = await callMain(["report", "verdict.json", "--verify"], own);
  expect(lost.code).toBe(4);
  expect(lost.out).toBe("");
  expect(lost.err).toContain("the bundle bundle of this verdict was not found");
  expect(lost.err).toContain("--bundle FOLDER");
  const named = ["--bundle", join(elsewhere, "kept-for-the-audit")];
  expect((await callMain(["report", "verdict.json", "--verify", ...named], own)).out).toMatch(/^verified: verdict\.json\n/);
  rmSync(join(elsewhere, "kept-for-the-audit", "samples.parquet"));
  const cut = await callMain(["report", "verdict.json", "--verify", ...named], own);
  expect(cut.code).toBe(4);
  expect(cut.err).toContain("samples.parquet is missing");
});

test("another bundle of the same name is not taken for the one that was judged", async () => {
  const own = campaignFolder("namesake");
  await recordBundle(join(own, "other", "bundle"), { start: { runId: "run-2" } });
  const verify = ["report", "verdict.json", "--verify", "--bundle", join(own, "other", "bundle")];
  expect((await callMain(verify, own)).code).toBe(0);
  rmSync(join(own, "bundle"), { recursive: true });
  const { code, out } = await callMain(verify, own);
  expect(code).toBe(1);
  expect(out).toContain(`${join(own, "other", "bundle", "run.json")} was changed`);
});

test("each of two sides is judged again as the side that it was named for, whatever arm its run was", async () => {
  const own = campaignFolder("sides");
  // Named the other way round than the arms of the runs.
  const { code } = await callMain(["compare", "--baseline", "c1", "--candidate", "b1", "--out", "out"], own);
  expect(code).toBe(3);
  const { verdict } = await readVerdict(join(own, "out", "verdict.json"));
  expect(verdict.inputs.map(({ path, side }) => [path, side])).toContainEqual(["c1/run.json", "baseline"]);
  const { out } = await callMain(["report", "out/verdict.json", "--verify"], own);
  expect(out).toMatch(/^verified: out\/verdict\.json\n {2}8 input files of 2 bundles/);
});

test("the rounds of a campaign are found beside the verdict, and count as looks again", async () => {
  const own = campaignFolder("rounds");
  for (const number of [1, 2]) {
    const round = { campaign: "c", number, firstLook: 1 };
    await recordBundle(join(own, `round-${number}`), { start: { runId: `c-${number}`, round } });
  }
  await callMain(["compare", "round-1", "round-2", "--out", "."], own);
  const { verdict } = await readVerdict(join(own, "verdict.json"));
  expect(verdict.method).toMatchObject({ looks: 2, alphaSpent: expect.closeTo((0.01 * 2) / 3, 9) });
  expect((await callMain(["report", "verdict.json", "--verify"], own)).out).toContain("8 input files of 2 bundles: unchanged");
  // A look taken back would give back its alpha.
  edit(join(own, "round-2", "run.json"), (text) => text.replace('"number": 2', '"number": 1'));
  expect((await callMain(["report", "verdict.json", "--verify"], own)).code).toBe(1);
});

test.each([
  { name: "a bundle without --verify", options: ["--bundle", "bundle"], says: "--verify" },
  { name: "a format", options: ["--verify", "--json"], says: "takes no format" },
])("$name is refused with exit code 2", async ({ options, says }) => {
  const { code, err } = await callMain(["report", "verdict.json", ...options], original);
  expect(code).toBe(2);
  expect(err).toContain(says);
});

test("every verdict carries method, n, level, alpha spent, seeds, the policy and the hashes of its inputs", async () => {
  const { verdict } = await readVerdict(join(original, "verdict.json"));
  for (const change of verdict.changes) {
    expect(change.method).toMatch(/\w{3}/);
    expect(change.n).toEqual({ baseline: expect.any(Number), candidate: expect.any(Number) });
    expect(change.level).toBeCloseTo(1 - 2 * verdict.method.equivalenceAlphaAtThisLook, 12);
  }
  expect(verdict.changes.length).toBeGreaterThan(5);
  expect(verdict.method).toMatchObject({ alpha: 0.01, alphaSpent: 0.01, looks: null, resamples: 2000, version: VERSION });
  expect(verdict.seeds).toEqual({ workload: 7, resampling: expect.any(Number) });
  expect(verdict.inputs.map(({ path }) => path)).toEqual(
    ["run.json", "samples.parquet", "readings.parquet", "events.ndjson"].map((file) => `bundle/${file}`),
  );
  for (const { sha256 } of verdict.inputs) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});
