import type { Arm } from "../../domain/arm.ts";
import type { CauseEvidence } from "../../domain/judgement/causes.ts";
import type { Attribution, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import { conditionalTest } from "../../statistics/distributions.ts";
import { formatNumber } from "../wording.ts";

/** Most chance that arms which replace their workers alike differ by so much: ten against none are enough. */
const mostChance = 0.001;

/**
 * workerFindings name workers that the candidate's Odoo had to replace while it became slow or failed requests: a worker that
 * comes to its limit of memory, time or requests ends, and the next one starts cold. The starts are counted by the host probe
 * from Odoo's process tree, and held against the baseline's by the exact conditional test.
 */
export function workerFindings(causes: CauseEvidence | undefined, changes: readonly IndicatorChange[]): Attribution[] {
  const isHurt = changes.some(({ change, kind }) => change === "regressed" && (kind === "latency" || kind === "error"));
  const [baseline, candidate] = [startsOf(causes, "baseline"), startsOf(causes, "candidate")];
  const chance = conditionalTest({ events: baseline, exposure: 1 }, { events: candidate, exposure: 1 });
  if (!isHurt || chance > mostChance) return [];
  return [
    {
      service: "platform",
      layer: "odoo",
      text:
        `Odoo started ${formatNumber(candidate)} new workers during the load (baseline ${formatNumber(baseline)}): ` +
        "its workers come to their limit of memory, time or requests, and each new one starts cold",
      statement: null,
      addedCalls: null,
      addedMs: null,
    },
  ];
}

function startsOf(causes: CauseEvidence | undefined, arm: Arm): number {
  return causes?.signals.find((each) => each.arm === arm && each.signal === "odoo_worker_starts")?.count ?? 0;
}
