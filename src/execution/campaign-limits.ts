import type { Evaluation } from "../domain/judgement/evaluation.ts";

/** CampaignLimits bound an adaptive campaign. They are fixed before it starts. */
export interface CampaignLimits {
  /** Rounds before the first look of the judge. */
  readonly firstLook: number;
  /** Most undisturbed load, in milliseconds. */
  readonly maximumLoadMs: number;
  /** Most time that the campaign may take, counted from the start of its first round. */
  readonly budgetMs: number;
  /** The campaign ends after the first look, also where the verdict is inconclusive. */
  readonly isFixed: boolean;
}

export interface CampaignState {
  readonly rounds: number;
  readonly elapsedMs: number;
  /** How long the last round took, from its preparation to the verdict on it. */
  readonly roundMs: number;
  /** No run of the round was cut short. */
  readonly isWhole: boolean;
}

/** Codes of validity facts that disappear with more load of the same kind. */
const HEALED_BY_LOAD = new Set(["too-few-blocks", "environment-disturbed", "arrivals-missed"]);

/**
 * shouldGoOn decides after a look whether to run another round, and gives the reason. `why` is null after a verdict.
 *
 * Only the load of used blocks counts. A campaign on a disturbed machine therefore repeats the disturbed load until its budget ends.
 */
export function shouldGoOn(
  evaluation: Evaluation,
  limits: CampaignLimits,
  state: CampaignState,
): { readonly goOn: boolean; readonly why: string | null } {
  const stop = (why: string | null) => ({ goOn: false, why });
  if (evaluation.verdict !== "inconclusive" || limits.isFixed || !state.isWhole) return stop(null);
  const { loadMs, blocks, blocksLeftOut } = evaluation.load;
  // Where every block was disturbed there is no data, but the next round may run on a quiet machine.
  const isHealed = (code: string) => HEALED_BY_LOAD.has(code) || (code === "no-data" && blocks > 0 && blocksLeftOut === blocks);
  const lasting = evaluation.validity.find(({ severity, code }) => severity === "invalid" && !isHealed(code));
  if (lasting !== undefined) return stop(`more load would not help: ${lasting.text}`);
  const usedMs = (loadMs * (blocks - blocksLeftOut)) / Math.max(1, blocks);
  const roundLoadMs = loadMs / state.rounds;
  if (usedMs + roundLoadMs / 2 > limits.maximumLoadMs)
    return stop(`undecided after ${minutes(usedMs)} of load, which is the maximum`);
  if (state.elapsedMs + state.roundMs > limits.budgetMs) {
    return stop(`undecided after ${minutes(state.elapsedMs)}; another round would not end within the budget`);
  }
  const open = evaluation.changes.filter(({ gate, notWorse, change }) => gate && !notWorse && change !== "regressed").length;
  const lost = blocksLeftOut > 0 ? `, ${blocksLeftOut} of ${blocks} blocks were disturbed` : "";
  return { goOn: true, why: `${open} ${open === 1 ? "gate is" : "gates are"} undecided${lost}` };
}

function minutes(ms: number): string {
  return `${(ms / 60_000).toFixed(1)} min`;
}
