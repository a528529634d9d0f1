import type { Evaluation } from "../domain/judgement/evaluation.ts";
import type { Layer } from "../domain/service.ts";

/**
 * toldLayer is the layer that a failing verdict blames first: that of its first cause. Where it names no cause, its first reason
 * tells as much as can be told: a broken business rule is Odoo's doing, for nothing else writes records, and counted work stands in
 * the layer that did it. A latency without a cause could be anybody's.
 */
export function toldLayer(evaluation: Evaluation): Layer | "cannot-tell" | null {
  const { verdict, attribution, reasons, changes } = evaluation;
  if (verdict !== "fail") return null;
  const [cause] = attribution;
  if (cause !== undefined) return cause.layer;
  const [reason] = reasons;
  if (reason?.kind === "invariant") return "odoo";
  const change = changes.find(({ indicator }) => indicator === reason?.indicator);
  return change?.kind === "work" ? change.layer : "cannot-tell";
}
