import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { readVerdict } from "../../../src/bundle/run/verdict.ts";
import type { Evaluation } from "../../../src/domain/judgement/evaluation.ts";
import { renderJson } from "../../../src/report/formats/json.ts";
import { policy, temporaryFolder } from "../../evidence/recorded-bundle.ts";

const folder = temporaryFolder();
const release = { label: "1.0", identity: {} };

const verdict: Evaluation = {
  schemaVersion: 2,
  verdict: "inconclusive",
  confidence: null,
  summary: "There is no evidence.",
  reasons: [{ kind: "evidence", text: "no samples", indicator: null }],
  next: ["Run again."],
  runIds: ["run-1"],
  releases: { baseline: release, candidate: release },
  load: {
    schedule: { kind: "duet" },
    startedAt: "2026-11-21T12:00:00.000Z",
    loadMs: 0,
    blocks: 0,
    blocksLeftOut: 0,
    volumes: [],
  },
  changes: [],
  attribution: [],
  invariants: [],
  validity: [],
  inputs: [],
  policy,
  method: {
    alpha: 0.01,
    looks: null,
    alphaAtThisLook: 0.01,
    equivalenceAlphaAtThisLook: 0.05,
    alphaSpent: 0.01,
    gates: 0,
    correction: "Holm",
    resamples: 200,
  },
  seeds: { workload: 7, resampling: 7 },
  timeline: { durationMs: 0, series: [], events: [], excluded: [] },
};

test("a verdict comes back as it was written, with its bytes, and gives the same bytes again", async () => {
  const path = join(folder, "verdict.json");
  writeFileSync(path, renderJson(verdict));
  const read = await readVerdict(path);
  expect(read.verdict).toEqual(verdict);
  expect(read.bytes.toString()).toBe(renderJson(verdict));
  expect(renderJson(read.verdict)).toBe(renderJson(verdict));
});

test.each([
  { name: "no file", text: null, want: /there is no readable verdict/ },
  { name: "a newer schema", text: JSON.stringify({ ...verdict, schemaVersion: 3 }), want: /schemaVersion 3 is newer/ },
  {
    name: "a word that is no verdict",
    text: JSON.stringify({ ...verdict, verdict: "maybe" }),
    want: /is not a verdict: verdict: /,
  },
  {
    name: "a policy without its alpha",
    text: JSON.stringify({ ...verdict, policy: { ...policy, alpha: undefined } }),
    want: /is not a verdict: policy\.alpha: /,
  },
  { name: "a cut file", text: JSON.stringify(verdict).slice(0, 200), want: /is not a verdict/ },
])("$name is a fault of usage with a remedy", async ({ name, text, want }) => {
  const path = join(folder, `${name.replaceAll(" ", "-")}.json`);
  if (text !== null) writeFileSync(path, text);
  const failed = readVerdict(path);
  await expect(failed).rejects.toThrow(want);
  await expect(failed).rejects.toMatchObject({ code: "usage", hint: expect.stringMatching(/\w{4}/) });
});
