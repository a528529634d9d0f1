import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Arm } from "../../../src/domain/arm.ts";
import { indicatorsFor } from "../../../src/evaluator/catalogue/catalogue.ts";
import { type WarmUpFinding, warmUpOf } from "../../../src/evidence/disturbance/warm-up.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { seededRandom, standardNormal } from "../../../src/statistics/random.ts";
import { writeEqualRun } from "../equal-bundles.ts";
import { policy, temporaryFolder } from "../recorded-bundle.ts";

const folder = temporaryFolder();

/** Levels of both arms with a little noise of their own; `shape` is what each arm has on top. */
function levels(blocks: number, shape: (arm: Arm, block: number) => number, seed = 1, sd = 0.03) {
  const random = seededRandom(seed);
  const of = (arm: Arm) =>
    Array.from({ length: blocks }, (_, block) => ({ level: shape(arm, block) + sd * standardNormal(random), count: 20 }));
  return warmUpOf({ baseline: of("baseline"), candidate: of("candidate") });
}

describe("the end of the warm-up", () => {
  test.each<{ name: string; shape: (arm: Arm, block: number) => number; want: Partial<WarmUpFinding> }>([
    { name: "no warm-up", shape: () => 0, want: { kind: "warm" } },
    { name: "two slow blocks in both arms", shape: (_, block) => (block < 2 ? 0.5 : 0), want: { kind: "warming", blocks: 2 } },
    { name: "a decay", shape: (_, block) => 0.8 * Math.exp(-block), want: { kind: "warming" } },
    {
      name: "a candidate that is slow at first, alone",
      shape: (arm, block) => (arm === "candidate" && block < 2 ? 0.5 : 0),
      want: { kind: "one-arm", arm: "candidate" },
    },
    {
      name: "a baseline that is slow at first, alone",
      shape: (arm, block) => (arm === "baseline" && block < 2 ? 0.5 : 0),
      want: { kind: "one-arm", arm: "baseline" },
    },
    { name: "5 % at the beginning", shape: (_, block) => (block < 2 ? 0.05 : 0), want: { kind: "warm" } },
    { name: "a burst later on", shape: (_, block) => (block === 3 || block === 4 ? 0.6 : 0), want: { kind: "warm" } },
    { name: "a slow second half", shape: (_, block) => (block >= 6 ? 0.6 : 0), want: { kind: "warm" } },
    { name: "a fast beginning", shape: (_, block) => (block < 2 ? -0.5 : 0), want: { kind: "warm" } },
    { name: "a load that outgrows the machine", shape: (_, block) => 0.08 * block, want: { kind: "never-steady" } },
    { name: "a run that gets faster to its end", shape: (_, block) => -0.08 * block, want: { kind: "never-steady" } },
    {
      name: "a candidate that slows down alone",
      shape: (arm, block) => (arm === "candidate" ? 0.08 * block : 0),
      want: { kind: "warm" },
    },
  ])("$name", ({ shape, want }) => {
    expect(levels(12, shape)).toMatchObject(want);
  });

  test("at most the first half is cut, and too few blocks say nothing", () => {
    const found = levels(12, (_, block) => (block < 6 ? 1 : 0));
    expect(found).toMatchObject({ kind: "warming", blocks: 6 });
    expect(levels(5, (_, block) => (block < 2 ? 1 : 0))).toEqual({ kind: "warm" });
  });

  test("chance is not taken for a warm-up: fewer than two runs in a hundred", () => {
    let cut = 0;
    for (let seed = 1; seed <= 1000; seed += 1) if (levels(9, () => 0, seed, 0.1).kind !== "warm") cut += 1;
    expect(cut).toBeLessThan(20);
  });
});

describe("in a bundle", () => {
  const read = async (name: string, extra: (arm: Arm, second: number) => number) => {
    const bundle = join(folder, name);
    await writeEqualRun(bundle, { runId: name, seconds: 12, extra });
    return readEvidence({ kind: "together", bundles: [bundle] }, { policy: { ...policy, blockMs: 1000 }, choose: indicatorsFor });
  };

  test("blocks before the end of the warm-up are left out, and say by how much they were slow", async () => {
    const { blocks, validity } = await read("warming", (_, second) => (second < 3 ? 0.4 : 0));
    expect(blocks.map(({ disturbance }) => disturbance !== null)).toEqual([...Array(3).fill(true), ...Array(9).fill(false)]);
    expect(blocks.map(({ isCold }) => isCold)).toEqual([...Array(3).fill(true), ...Array(9).fill(false)]);
    expect(blocks[0]?.disturbance).toMatch(/^still warming up: latencies were (4[5-9]|5[0-3]) % above the later latencies$/);
    expect(validity.find(({ code }) => code === "warming-up")?.severity).toBe("disturbed");
  });

  test("a slower candidate does not look like a warm-up, and a warm run loses nothing", async () => {
    const { blocks, validity } = await read("slower", (arm) => (arm === "candidate" ? 0.5 : 0));
    expect(blocks.every(({ disturbance }) => disturbance === null)).toBe(true);
    expect(validity.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(validity.some(({ code }) => code === "slow-start")).toBe(false);
  });

  test("a slow start of the candidate alone keeps its blocks and is told", async () => {
    const { blocks, validity } = await read("alone", (arm, second) => (arm === "candidate" && second < 2 ? 0.5 : 0));
    expect(blocks.every(({ disturbance }) => disturbance === null)).toBe(true);
    expect(validity.find(({ code }) => code === "slow-start")?.text).toContain("the candidate alone");
  });

  test("a run that never comes to rest cannot pass", async () => {
    const { validity } = await read("growing", (_, second) => 0.1 * second);
    expect(validity.find(({ code }) => code === "never-steady")).toMatchObject({ severity: "unsteady" });
  });
});
