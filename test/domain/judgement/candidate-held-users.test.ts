import { expect, test } from "vitest";

import { candidateHeldUsers } from "../../../src/domain/judgement/evidence.ts";

const took = (baseline: number, candidate: number) => [
  { arm: "baseline" as const, service: "checkout", count: 30, tookMs: baseline },
  { arm: "candidate" as const, service: "checkout", count: 30, tookMs: candidate },
  { arm: "candidate" as const, service: "order-import", count: 30, tookMs: 1e6 },
];

test("a candidate that takes twice as long keeps the users from the arrivals, of its own service", () => {
  expect(candidateHeldUsers(took(10_000, 20_000), "checkout")).toBe(true);
  expect(candidateHeldUsers(took(10_000, 19_000), "checkout")).toBe(false);
  expect(candidateHeldUsers(took(20_000, 10_000), "checkout")).toBe(false);
});

test("without a baseline nobody can tell", () => {
  expect(candidateHeldUsers(took(0, 20_000), "checkout")).toBe(false);
  expect(candidateHeldUsers(took(10_000, 20_000), "order-import")).toBe(false);
});
