import type { Evaluation } from "../domain/evaluation.ts";
import type { Policy } from "../domain/policy.ts";
import { indicatorsFor } from "../evaluator/catalogue.ts";
import { evaluate } from "../evaluator/evaluate.ts";
import type { ComparedBundles } from "../store/evidence/compared-runs.ts";
import { readEvidence } from "../store/evidence/evidence.ts";

/** judgeBundles reads the evidence of stored runs and judges it. The same bundles and policy give the same evaluation. */
export async function judgeBundles(compared: ComparedBundles, policy: Policy): Promise<Evaluation> {
  return evaluate(await readEvidence(compared, { policy, choose: indicatorsFor }), policy);
}
