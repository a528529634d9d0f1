import { expect, test } from "vitest";

import type { Target } from "../../src/domain/target/target.ts";
import { unseenFindings } from "../../src/execution/shop-target.ts";

const target: Target = { name: "staging", arms: {}, redisUrl: null, traefikMetricsUrl: "http://ingress.test/metrics" };

test("doctor says what a run will not look at, what that costs, and how to declare it", () => {
  const redis = unseenFindings(target).find(({ name }) => name === "unseen-redis");
  expect(redis).toMatchObject({ ok: false, needed: false, text: expect.stringMatching(/^Redis: not named: .*session store/) });
  expect(redis?.remedy).toMatch(/target\.redisUrlEnv.*Or declare redis under target\.unseen\.$/);
  expect(unseenFindings(target).map(({ name }) => name)).not.toContain("unseen-traefik");
});

test("what was declared is not asked for a second time", () => {
  const redis = unseenFindings({ ...target, unseen: ["redis"] }).find(({ name }) => name === "unseen-redis");
  expect(redis?.text).toContain("declared as unseen");
  expect(redis?.remedy).not.toContain("declare");
});
