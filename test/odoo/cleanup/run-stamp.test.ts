import { expect, test } from "vitest";

import { makeReference, makeStamp } from "../../../scenarios/lib/ledger.ts";
import { ARMS } from "../../../src/domain/arm.ts";
import { SCENARIOS } from "../../../src/domain/load/scenarios.ts";
import { runStamp } from "../../../src/odoo/cleanup/clean-arm.ts";

test("the stamp is the prefix of every reference of the scenarios, and differs by arm", () => {
  for (const arm of ARMS) {
    expect(makeStamp({ runId: "261121-0930-k3x", arm })).toBe(runStamp("261121-0930-k3x", arm));
    for (const { prefix } of SCENARIOS) {
      const reference = makeReference({ runId: "261121-0930-k3x", arm, prefix, iteration: 12 });
      expect(reference.startsWith(runStamp("261121-0930-k3x", arm))).toBe(true);
    }
  }
  expect(runStamp("r", "baseline")).not.toBe(runStamp("r", "candidate"));
});

test("the stamp of a run is not a prefix of a reference of another run with a similar id", () => {
  const other = makeReference({ runId: "261121-0930-k3x-r1", arm: "baseline", prefix: "co", iteration: 1 });
  const tenth = makeReference({ runId: "261121-0930-k3x-r10", arm: "baseline", prefix: "co", iteration: 1 });
  expect(other.startsWith(runStamp("261121-0930-k3x", "baseline"))).toBe(false);
  expect(tenth.startsWith(runStamp("261121-0930-k3x-r1", "baseline"))).toBe(false);
});

test.each(["%", "a_b", "", "a b", "x\\"])("the id %j is refused: a search would read it as a pattern", (runId) => {
  expect(() => runStamp(runId, "baseline")).toThrow(/is not an id of peakproof/);
});
