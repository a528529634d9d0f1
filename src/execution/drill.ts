import { HarnessError } from "../domain/error.ts";
import { DRILL_TARGETS, type DrillOutcome, type DrillRow, type DrillScore, type FaultSize } from "../domain/judgement/drill.ts";
import type { Evaluation } from "../domain/judgement/evaluation.ts";
import type { Layer } from "../domain/service.ts";
import type { LabFault } from "../lab/faults/fault.ts";
import type { CampaignResult } from "./campaign.ts";
import { type DrillLab, type FaultInLab, faultInLab } from "./drill-lab.ts";
import type { AroundLoad, PreparedTarget } from "./perform-run.ts";

/** DrillCampaign is the input of one fault's campaign. */
export interface DrillCampaign {
  readonly fault: LabFault;
  /** Starts both arms, with the fault in the candidate. */
  readonly prepare: () => Promise<PreparedTarget>;
  readonly aroundLoad: AroundLoad;
}

export interface DrillOptions {
  readonly faults: readonly LabFault[];
  readonly size: FaultSize;
  readonly lab: DrillLab;
  /** Loads and judges. */
  readonly campaign: (campaign: DrillCampaign) => Promise<CampaignResult>;
  /** Called after each row, with the campaign's result where there is one. */
  readonly onRow: (row: DrillRow, result: CampaignResult | null) => Promise<void>;
  readonly signal: AbortSignal;
}

/** runDrill puts one fault after the other into the lab and judges a campaign on each. An interruption ends the drill early. */
export async function runDrill(options: DrillOptions): Promise<readonly DrillRow[]> {
  const rows: DrillRow[] = [];
  for (const fault of options.faults) {
    if (options.signal.aborted) break;
    const startedMs = performance.now();
    const size = fault.sizes === null ? null : options.size;
    const amount = fault.sizes?.[options.size] ?? null;
    const { outcome, proof, result } = await drill(fault, amount ?? 0, options);
    if (outcome === null) break;
    const row = { fault: describeFault(fault), size, amount, proof, elapsedMs: performance.now() - startedMs, outcome };
    rows.push(row);
    await options.onRow(row, result);
  }
  return rows;
}

/** describeFault keeps the data of a fault for the row, without its functions. */
function describeFault({ id, title, layer, place, unit, sizes }: LabFault): DrillRow["fault"] {
  return { id, title, layer, place, unit, sizes };
}

interface Drilled {
  /** Null where the drill was interrupted. */
  readonly outcome: DrillOutcome | null;
  readonly proof: string | null;
  readonly result: CampaignResult | null;
}

/** drill makes one row. The fault is always taken out of the lab again; where that fails, the row says so. */
async function drill(fault: LabFault, amount: number, options: DrillOptions): Promise<Drilled> {
  const inLab = faultInLab(fault, amount, options.lab);
  let drilled: Drilled;
  try {
    drilled = await judge(fault, inLab, options);
  } finally {
    await inLab.undo();
  }
  const why = inLab.failure();
  if (why === null || drilled.outcome === null) return drilled;
  return { ...drilled, outcome: { kind: "not-injected", why } };
}

async function judge(fault: LabFault, inLab: FaultInLab, { campaign, signal }: DrillOptions): Promise<Drilled> {
  const { prepare, aroundLoad } = inLab;
  try {
    const result = await campaign({ fault, prepare, aroundLoad });
    const { evaluation, failure } = result;
    // A verdict that includes a failed round is not a judgement of the fault.
    if (failure !== null) throw failure.error;
    const outcome = evaluation === null ? null : judged(evaluation);
    return { outcome, proof: inLab.proof(), result };
  } catch (error) {
    if (signal.aborted) return { outcome: null, proof: inLab.proof(), result: null };
    // `inLab.failure` names an error of the fault. Any other error that is not a HarnessError is a bug and ends the drill.
    if (inLab.failure() === null && !(error instanceof HarnessError)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: { kind: "not-measured", why }, proof: inLab.proof(), result: null };
  }
}

function judged(evaluation: NonNullable<CampaignResult["evaluation"]>): DrillOutcome {
  const { verdict, attribution, reasons, load } = evaluation;
  const because = (verdict === "fail" ? attribution[0]?.text : undefined) ?? reasons[0]?.text ?? "no reason was given";
  return { kind: "judged", verdict, reportedLayer: reportedLayer(evaluation), because, loadMs: load.loadMs };
}

/** isDetected says whether the judge failed the release with the fault. */
export function isDetected({ outcome }: DrillRow): boolean {
  return outcome.kind === "judged" && outcome.verdict === "fail";
}

/** isLayerRight says whether the judge reported the layer of the fault. */
export function isLayerRight(row: DrillRow): boolean {
  return isDetected(row) && row.outcome.kind === "judged" && row.outcome.reportedLayer === row.fault.layer;
}

/** scoreDrill sums a drill up. A row without a judgement counts as not detected, and a drill with such a row misses its targets. */
export function scoreDrill(rows: readonly DrillRow[]): DrillScore {
  const faults = rows.filter(({ fault }) => fault.layer !== null);
  const controls = rows.filter(({ fault }) => fault.layer === null);
  const detected = faults.filter((row) => isDetected(row));
  const layerRight = detected.filter((row) => isLayerRight(row));
  const falseAlarms = controls.filter((row) => isDetected(row)).length;
  const unjudged = rows.filter(({ outcome }) => outcome.kind !== "judged").length;
  const isMet =
    unjudged === 0 &&
    falseAlarms === 0 &&
    detected.length >= DRILL_TARGETS.detected * faults.length &&
    layerRight.length >= DRILL_TARGETS.layerRight * detected.length;
  return {
    faults: faults.length,
    detected: detected.length,
    layerRight: layerRight.length,
    controls: controls.length,
    falseAlarms,
    unjudged,
    isMet,
  };
}

/**
 * reportedLayer is the layer that a failing verdict names first: the layer of its first cause. Without a cause the first reason decides:
 * a broken business rule belongs to Odoo, because only Odoo writes business records, and counted work belongs to the layer that did
 * the work. A latency without a cause belongs to no known layer.
 */
export function reportedLayer(evaluation: Evaluation): Layer | "cannot-tell" | null {
  const { verdict, attribution, reasons, changes } = evaluation;
  if (verdict !== "fail") return null;
  const [cause] = attribution;
  if (cause !== undefined) return cause.layer;
  const [reason] = reasons;
  if (reason?.kind === "invariant") return "odoo";
  const change = changes.find(({ indicator }) => indicator === reason?.indicator);
  return change?.kind === "work" ? change.layer : "cannot-tell";
}
