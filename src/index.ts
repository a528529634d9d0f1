/** The public API: the verdict as data, and how to come to it from stored runs. */
export type { Change, Evaluation, IndicatorChange, Verdict } from "./domain/judgement/evaluation.ts";
export type { Policy } from "./domain/judgement/policy.ts";
export { HarnessError } from "./domain/error.ts";
export { defaultPolicy } from "./evaluator/catalogue/policy.ts";
export { judgeBundles } from "./execution/judge.ts";
export { FORMATS, type Format, render } from "./report/render.ts";
