import type { ComparedBundles } from "../bundle/run/compared-runs.ts";
import type { Evaluation } from "../domain/judgement/evaluation.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { indicatorsFor } from "../evaluator/catalogue.ts";
import { evaluate } from "../evaluator/evaluate.ts";
import { readEvidence } from "../evidence/evidence.ts";

/** judgeBundles reads the evidence of stored runs and judges it. The same bundles and policy give the same evaluation. */
export async function judgeBundles(compared: ComparedBundles, policy: Policy): Promise<Evaluation> {
  return evaluate(await readEvidence(compared, { policy, choose: indicatorsFor }), policy);
}
