import type { Finding } from "../domain/target/finding.ts";
import type { Target } from "../domain/target/target.ts";
import { createProbes } from "./create-probes.ts";
import { good, poorer } from "./finding.ts";
import { ownWork } from "./postgres/own-work.ts";
import { postgresClusters } from "./postgres/postgres-cluster.ts";
import { type FailedProbe, measureProbeCosts, type ProbeCost } from "./probe-costs.ts";

const SAMPLES = 5;
/** Share of one core of the database server above which watching is no longer free. */
const DEAR = 0.01;

/** inspectProbeCosts lets every probe of a target look five times and says what a look costs, one finding a probe. */
export async function inspectProbeCosts(target: Target): Promise<readonly Finding[]> {
  const work = ownWork(postgresClusters(target));
  try {
    const { probes } = createProbes(target, { loaderPid: () => null, otherPids: {} });
    const costs = await measureProbeCosts(probes, { samples: SAMPLES, postgresMs: () => work.ms() });
    return costs.map((cost) => describeCost(cost));
  } finally {
    await work.close();
  }
}

/** describeCost puts the cost of a probe into words. */
export function describeCost(cost: ProbeCost | FailedProbe): Finding {
  const name = `cost-${cost.name}`;
  if ("failure" in cost) {
    return poorer(name, `The probe does not read: ${cost.failure}`, "See above what it reads, and what is missing there.");
  }
  const { everyMs, readings, wallMs, slowestMs, postgresMs } = cost;
  const look = `${readings} readings in ${wallMs.toFixed(1)} ms (slowest ${slowestMs.toFixed(1)} ms)`;
  const period = `every ${everyMs / 1000} s`;
  if (postgresMs === null) return good(name, `${look}, ${period}`);
  const share = postgresMs / everyMs;
  const text = `${look}, ${postgresMs.toFixed(2)} ms of PostgreSQL's work; ${period} that is ${(100 * share).toFixed(2)} % of a core`;
  if (share <= DEAR) return good(name, text);
  const remedy = "Lower pg_stat_statements.max, clear old rows of the tables that it reads, or leave its connection out.";
  return poorer(name, text, remedy);
}
