import type { Evaluation } from "../domain/judgement/evaluation.ts";

/** CampaignLimits bound an adaptive campaign. They are fixed before it starts. */
export interface CampaignLimits {
  /** Rounds before the judge looks for the first time. */
  readonly firstLook: number;
  /** Most undisturbed load, in milliseconds. */
  readonly maximumLoadMs: number;
  /** Time that the campaign may take from its first round on, all in all. */
  readonly budgetMs: number;
  /** One look after `firstLook` rounds, whatever it says. */
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

/** Codes of validity facts that further load of the same kind can heal. */
const HEALED_BY_LOAD = new Set(["too-few-blocks", "environment-disturbed", "arrivals-missed"]);

/**
 * shouldGoOn says after a look whether another round is worth its time, and why (not); `why` is null after a verdict.
 *
 * The load that counts is the load of blocks that were used: a campaign on a disturbed machine repeats what it lost, until its
 * budget ends.
 */
export function shouldGoOn(
  evaluation: Evaluation,
  limits: CampaignLimits,
  state: CampaignState,
): { readonly goOn: boolean; readonly why: string | null } {
  const stop = (why: string | null) => ({ goOn: false, why });
  if (evaluation.verdict !== "inconclusive" || limits.isFixed || !state.isWhole) return stop(null);
  const { loadMs, blocks, blocksLeftOut } = evaluation.load;
  // Where a neighbour disturbed every block there is no data left, and the next round may meet a quiet machine.
  const isHealed = (code: string) => HEALED_BY_LOAD.has(code) || (code === "no-data" && blocks > 0 && blocksLeftOut === blocks);
  const lasting = evaluation.validity.find(({ severity, code }) => severity === "invalid" && !isHealed(code));
  if (lasting !== undefined) return stop(`no further load would help: ${lasting.text}`);
  const usedMs = (loadMs * (blocks - blocksLeftOut)) / Math.max(1, blocks);
  const roundLoadMs = loadMs / state.rounds;
  if (usedMs + roundLoadMs / 2 > limits.maximumLoadMs)
    return stop(`undecided after ${minutes(usedMs)} of load, the most allowed`);
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
