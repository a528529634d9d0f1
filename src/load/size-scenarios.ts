import { HarnessError } from "../domain/error.ts";
import { type Plan, SCENARIO_NAMES, type ScenarioLoad, type ScenarioPlan, type Workload } from "../domain/load/plan.ts";

/** VUs kept ready suffice as long as a transaction takes no longer than this, and at most as long as the second. */
const READY_FOR_S = 10;
const STRETCHED_TO_S = 60;
const VU_LIMITS = { ready: { from: 8, to: 200 }, maximum: { from: 10, to: 600 } };
/** Part of its period by which each scenario starts later than the one before it. */
const GOLDEN = 0.618_033_988_75;

/**
 * sizeScenarios gives each scenario what k6 needs to keep its rate, and a phase of its own.
 *
 * Scenarios that all start at once meet again every few seconds, for ever: in a duet of four scenarios half of all orders met a
 * burst and the other half did not, which doubled the spread of their latency and caused every serialization retry. Golden parts
 * of the period keep any number of scenarios apart. The first starts at zero: its first arrival is the start of the load.
 */
export function sizeScenarios(loads: Workload["scenarios"]): Plan["scenarios"] {
  const present = SCENARIO_NAMES.filter((name) => loads[name] !== undefined);
  return Object.fromEntries(
    present.flatMap((name, index) => {
      const load = loads[name];
      return load === undefined ? [] : [[name, sizeScenario(name, load, (index * GOLDEN) % 1)] as const];
    }),
  );
}

function sizeScenario(name: string, load: ScenarioLoad, part: number): ScenarioPlan {
  const { perMinute, size } = load;
  if (!Number.isInteger(perMinute) || perMinute < 1 || !Number.isInteger(size) || size < 1) {
    throw new HarnessError("usage", `workload: ${name} has rate ${perMinute} per minute and size ${size}`, {
      hint: "Both must be whole numbers from 1: k6 starts whole iterations.",
    });
  }
  const { ready, maximum } = VU_LIMITS;
  const preAllocatedVUs = clamp(Math.ceil((perMinute / 60) * READY_FOR_S), ready);
  return {
    perMinute,
    phaseMs: Math.round((part * 60_000) / perMinute),
    size,
    preAllocatedVUs,
    maxVUs: Math.max(preAllocatedVUs, clamp(Math.ceil((perMinute / 60) * STRETCHED_TO_S), maximum)),
  };
}

function clamp(value: number, limits: { from: number; to: number }): number {
  return Math.min(limits.to, Math.max(limits.from, value));
}
