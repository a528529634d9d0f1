import { expect, test } from "vitest";

import { clockDrift } from "../../src/probe/host/host-probe.ts";

test("setting the clock is seen as a step, passing time is not", () => {
  const clocks = { wall: 1_795_263_948_772, steady: 12.5 };
  const drift = clockDrift({ wallMs: () => clocks.wall, steadyMs: () => clocks.steady });
  expect(drift()).toBe(0);
  clocks.wall += 1000;
  clocks.steady += 1000.04;
  expect(drift()).toBe(0);
  clocks.wall += 1000 - 350;
  clocks.steady += 1000;
  expect(drift()).toBe(-350);
  clocks.wall += 1350;
  clocks.steady += 1000;
  expect(drift()).toBe(0);
});

test("this machine's own clocks agree within a step", () => {
  const drift = clockDrift();
  drift();
  expect(Math.abs(drift())).toBeLessThan(50);
});
