import type { Cell } from "./cell.ts";
import { judgeConfidence, type ConfidenceResult } from "./confidence.ts";
import { countPower, type CountPower } from "./counts.ts";
import { effectCases, judgeEffect, type EffectResult } from "./effects.ts";
import { falseAlarms, repeatCell, type FalseAlarms, type RepeatedAlarms } from "./false-alarms.ts";
import { familyCases, judgeFamily, type FamilyResult } from "./families.ts";
import { judgeLooks, looksCases, type LooksResult } from "./looks.ts";
import { neighbourCheck, type NeighbourCheck } from "./neighbour-check.ts";
import { powerOf, type PowerOfCell } from "./power.ts";
import { judgeSafety, type SafetyResult } from "./safety.ts";

/** Task is one piece of the bench that needs no other: it carries its own seed, so that results do not depend on who does it. */
export type Task = { readonly repetitions: number; readonly seed: number } & (
  | { readonly kind: "alarms"; readonly cell: Cell }
  | { readonly kind: "repeat"; readonly cell: Cell; readonly contestant: number }
  | { readonly kind: "power"; readonly cell: Cell }
  | { readonly kind: "effect"; readonly number: number }
  | { readonly kind: "looks"; readonly number: number }
  | { readonly kind: "family"; readonly number: number }
  | { readonly kind: "counts" | "confidence" | "safety" | "neighbour" }
);

/** Found is what each kind of task finds. */
interface Found {
  readonly alarms: FalseAlarms;
  readonly repeat: RepeatedAlarms;
  readonly power: PowerOfCell;
  readonly effect: EffectResult;
  readonly looks: readonly LooksResult[];
  readonly family: FamilyResult;
  readonly counts: readonly CountPower[];
  readonly confidence: ConfidenceResult;
  readonly safety: SafetyResult;
  readonly neighbour: NeighbourCheck;
}

/** Done is a task that has been done. */
export type Done = { readonly [Kind in keyof Found]: DoneOf<Kind> }[keyof Found];

interface DoneOf<Kind extends keyof Found> {
  readonly kind: Kind;
  readonly found: Found[Kind];
}

/** found picks what the tasks of one kind found, in their order. */
export function found<Kind extends keyof Found>(all: readonly Done[], kind: Kind): Found[Kind][] {
  const picked: Found[Kind][] = [];
  for (const each of all) if (isOfKind(each, kind)) picked.push(each.found);
  return picked;
}

function isOfKind<Kind extends keyof Found>(done: DoneOf<keyof Found>, kind: Kind): done is DoneOf<Kind> {
  return done.kind === kind;
}

/** doTask does one task, whatever its kind. */
export function doTask(task: Task): Done {
  const { kind } = task;
  if (kind === "alarms") return { kind, found: falseAlarms(task.cell, task) };
  if (kind === "repeat") return { kind, found: repeatCell(task, task) };
  if (kind === "power") return { kind, found: powerOf(task.cell, task) };
  if (kind === "effect") return { kind, found: judgeEffect(at(effectCases, task.number), task) };
  if (kind === "looks") return { kind, found: judgeLooks(at(looksCases, task.number), task) };
  if (kind === "family") return { kind, found: judgeFamily(at(familyCases, task.number), task) };
  if (kind === "counts") return { kind, found: countPower(task.repetitions) };
  if (kind === "confidence") return { kind, found: judgeConfidence(task) };
  if (kind === "safety") return { kind, found: judgeSafety() };
  return { kind, found: neighbourCheck(task) };
}

function at<T>(cases: readonly T[], number: number): T {
  const one = cases[number];
  if (one === undefined) throw new Error(`there is no case ${number}`);
  return one;
}
