import { expect, test } from "vitest";

import { sideBySide } from "../../src/lab/lab-entries.ts";

test("what is shown is all that runs and the time until the last of it ends", () => {
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
    ["compiler", 250_000],
  ]);
  // With two works the share of one would be read as that of both.
  expect(fractions).toEqual([0.1, null, 0.3]);
});
