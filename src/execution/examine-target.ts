import type { ScenarioName } from "../domain/load/plan.ts";
import type { Finding } from "../domain/target/finding.ts";
import type { Target } from "../domain/target/target.ts";
import { inspectOdoo } from "../odoo/inspect-odoo.ts";
import { inspectProbeCosts } from "../probe/inspect-probe-costs.ts";
import { inspectTarget } from "../probe/inspect-target.ts";
import { armsOf } from "./shop-target.ts";
import { unseenFindings } from "./unseen-findings.ts";

/** examineTarget says what of a target can be reached, what is missing, and what watching it costs. A login is the most that it does. */
export async function examineTarget(target: Target, scenarios: readonly ScenarioName[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { arm, ...account } of armsOf(target)) findings.push(...(await inspectOdoo(arm, account, scenarios)));
  return [...findings, ...(await inspectTarget(target)), ...unseenFindings(target), ...(await inspectProbeCosts(target))];
}
