import { expect, test } from "vitest";

import { sideBySide } from "../../src/lab/lab-entries.ts";

test("the display shows all running tasks and the time until the last one ends", () => {
  const stages: [string, number | null][] = [];
  const fractions: (number | null)[] = [];
  let nowMs = 0;
  const progress = {
    stage: (name: string, ms: number | null) => void stages.push([name, ms]),
    update: (share: number | null) => void fractions.push(share),
    note: () => {},
  };
  const [first, second] = sideBySide(progress, 2, () => nowMs);
  first?.stage("files", 80_000);
  first?.update(0.1, "");
  nowMs = 10_000;
  second?.stage("compiler", 300_000);
  second?.update(0.2, "");
  nowMs = 60_000;
  first?.end();
  second?.update(0.3, "");
  second?.end();
  expect(stages).toEqual([
    ["files", 80_000],
    ["files + compiler", 300_000],
    // A fifth of the compilation took 50 s.
    ["compiler", 200_000],
  ]);
  // With two tasks, the share of one would be read as the share of both.
  expect(fractions).toEqual([0.1, null, 0.3]);
});

test("with two tasks, the share of each is shown, and the time until the last one ends", () => {
  const updates: [string, number | null | undefined][] = [];
  let nowMs = 0;
  const progress = {
    stage: () => {},
    update: (_share: number | null, detail: string, leftMs?: number | null) => void updates.push([detail, leftMs]),
    note: () => {},
  };
  const [first, second] = sideBySide(progress, 2, () => nowMs);
  first?.stage("files", 80_000);
  second?.stage("compiler", 300_000);
  nowMs = 60_000;
  first?.update(0.5, "185 of about 370 packages installed");
  second?.update(0.4, "400 of at most 1000 packages compiled");
  nowMs = 400_000;
  second?.update(0.05, "");
  expect(updates).toEqual([
    ["50 % · 185 of about 370 packages installed", 240_000],
    ["50 % · 185 of about 370 packages installed + 40 % · 400 of at most 1000 packages compiled", 90_000],
    ["50 % · 185 of about 370 packages installed + 5 %", null],
  ]);
});

test("a task that takes longer than expected shows no time left", () => {
  const stages: (number | null)[] = [];
  let nowMs = 0;
  const progress = { stage: (_name: string, ms: number | null) => void stages.push(ms), update: () => {}, note: () => {} };
  const [first, second] = sideBySide(progress, 2, () => nowMs);
  first?.stage("compiler", 100_000);
  nowMs = 100_000;
  second?.stage("files", 80_000);
  second?.end();
  expect(stages).toEqual([100_000, null, null]);
});
