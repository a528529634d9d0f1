import { standardNormal, type Random } from "../../src/statistics/random.ts";
import type { Cell } from "./cell.ts";

/** Run is one arm or both arms of one run: a value a second, and in which seconds the neighbour was busy. */
export interface Run {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** One flag a second; both runs of a sequential pair have their own, and the pair counts as busy where either is. */
  readonly busy: readonly boolean[];
}

/** Value of a typical request, and the spread of ln(value) of one point. */
export const typicalMs = 200;
const pointSd = 0.15;

/**
 * Bursts last twelve seconds on average, eighteen lie between them; they double the latency of both arms, and each arm has
 * luck of its own in them. Lengths and heights are assumed. The size of the luck is not: it makes ln(candidate / baseline) of the p50
 * spread by .13 in 80 s of duet, where four transactions on the lab had .07, .09, .11 and .18. In sequence it spreads by .24
 * here and by .5 to .8 there, so this is no model of runs one after another, and the bench uses it for duets only.
 */
const bursts = { meanOn: 12, meanOff: 18, slower: Math.LN2, ownSd: 0.58, ownRho: 0.8 } as const;

/** drawRuns draws the noise of a campaign of equal releases. */
export function drawRuns(cell: Cell, random: Random): Run[] {
  return Array.from({ length: cell.pairs }, () => {
    // What a pair shares; in a duet that is the whole run.
    const drift = cell.driftSd * standardNormal(random);
    const together = { luck: cell.runSd * standardNormal(random), busy: drawBursts(cell, random) };
    const apart =
      cell.schedule === "duet" ? together : { luck: cell.runSd * standardNormal(random), busy: drawBursts(cell, random) };
    return {
      baseline: drawArm(cell, { level: drift + together.luck, busy: together.busy }, random),
      candidate: drawArm(cell, { level: drift + apart.luck, busy: apart.busy }, random),
      busy: together.busy.map((each, index) => each || (apart.busy[index] ?? false)),
    };
  });
}

function drawBursts(cell: Cell, random: Random): boolean[] {
  if (cell.neighbour === "none") return Array.from({ length: cell.points }, () => false);
  let busy = random() < bursts.meanOn / (bursts.meanOn + bursts.meanOff);
  return Array.from({ length: cell.points }, () => {
    if (random() < 1 / (busy ? bursts.meanOn : bursts.meanOff)) busy = !busy;
    return busy;
  });
}

function drawArm(cell: Cell, host: { level: number; busy: readonly boolean[] }, random: Random): number[] {
  const own = chain(cell.rho, cell.points, random);
  const luck = cell.neighbour === "none" ? [] : chain(bursts.ownRho, cell.points, random);
  return own.map((state, index) => {
    const burst = (host.busy[index] ?? false) ? bursts.slower + bursts.ownSd * (luck[index] ?? 0) : 0;
    const wave = cell.shape === "waves" ? 0.3 * Math.sin((2 * Math.PI * 3 * index) / cell.points) : 0;
    const kind = cell.shape === "bimodal" && random() < 1 / 3 ? Math.log(2.5) : 0;
    return typicalMs * Math.exp(host.level + pointSd * state + burst + wave + kind);
  });
}

/** chain is a stationary AR(1) of unit variance. */
function chain(rho: number, length: number, random: Random): number[] {
  let state = standardNormal(random);
  return Array.from({ length }, (_, index) => {
    if (index > 0) state = rho * state + Math.sqrt(1 - rho ** 2) * standardNormal(random);
    return state;
  });
}
