import type { Evaluation, IndicatorChange } from "./evaluation.ts";

/**
 * asSchema1 writes an evaluation with the fields and words of schema 1, to compare it with a stored verdict of that schema. Schema 1
 * had no `judged`, `scenario`, `step` and `quantity` in changes, and the severity `info` in the place of `bars-pass`.
 */
export function asSchema1(evaluation: Evaluation): Evaluation {
  return {
    ...evaluation,
    schemaVersion: 1,
    changes: evaluation.changes.map((change) => withoutIdentity(change)),
    validity: evaluation.validity.map((fact) => (fact.severity === "bars-pass" ? { ...fact, severity: "info" } : fact)),
  };
}

function withoutIdentity({
  judged: _judged,
  scenario: _scenario,
  step: _step,
  quantity: _quantity,
  ...change
}: IndicatorChange): IndicatorChange {
  return change;
}
