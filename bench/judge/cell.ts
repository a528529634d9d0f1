/** Cell is one combination of noise and design; the bench judges equal and worse releases in each. */
export interface Cell {
  readonly schedule: "duet" | "sequential";
  /** Pairs of runs; a duet of k pairs is k runs of both arms. */
  readonly pairs: number;
  /** Points of each run and arm, one a second. */
  readonly points: number;
  /** Lag-one autocorrelation between points of one arm, which the other arm does not share. */
  readonly rho: number;
  /** Standard deviation of ln(value) from run to run, and of the host's slow drift from pair to pair, which a pair shares. */
  readonly runSd: number;
  readonly driftSd: number;
  /** Shape of the values: log-normal, two kinds of requests (a third takes 2.5 times as long), or load in waves. */
  readonly shape: "log-normal" | "bimodal" | "waves";
  /** Bursts of busy processes on the same host: none, seen by the probes as foreign CPU, or seen by nobody. */
  readonly neighbour: "none" | "seen" | "unseen";
}

/** quietCell fills in what a cell does not say. */
export function quietCell(cell: Partial<Cell> & Pick<Cell, "schedule" | "pairs" | "points">): Cell {
  return { rho: 0, runSd: 0, driftSd: 0, shape: "log-normal", neighbour: "none", ...cell };
}

export function describeCell({ schedule, pairs, points, rho, runSd, driftSd, shape, neighbour }: Cell): string {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const rest = [
    ...(shape === "log-normal" ? [] : [shape]),
    ...(neighbour === "none" ? [] : [`noisy neighbour (${neighbour})`]),
  ].map((each) => `, ${each}`);
  return `${schedule}, ${pairs} x ${points} s, rho ${rho}, run sd ${percent(runSd)}, drift ${percent(driftSd)}${rest.join("")}`;
}

/** noiseCells are the cells of the synthetic grid; without `full` its corners and the middle of the autocorrelation. */
export function noiseCells(full: boolean): Cell[] {
  const cells: Cell[] = [];
  const pick = <T>(all: readonly T[], corners: readonly T[]) => (full ? all : corners);
  for (const schedule of ["duet", "sequential"] as const)
    for (const pairs of [1, 5, 8])
      for (const points of pick([30, 60, 180], [30, 180]))
        for (const rho of pick([0, 0.3, 0.6, 0.8], [0, 0.6, 0.8]))
          for (const runSd of pick([0, 0.01, 0.03, 0.05], [0, 0.05]))
            for (const driftSd of pick([0, 0.03, 0.05], [0, 0.05]))
              cells.push(quietCell({ schedule, pairs, points, rho, runSd, driftSd }));
  for (const schedule of ["duet", "sequential"] as const)
    for (const shape of ["bimodal", "waves"] as const)
      for (const pairs of pick([1, 5, 8], [1, 8]))
        for (const rho of pick([0, 0.3, 0.6, 0.8], [0, 0.8]))
          cells.push(quietCell({ schedule, pairs, points: 60, rho, runSd: 0.03, driftSd: 0.03, shape }));
  for (const neighbour of ["seen", "unseen"] as const)
    for (const points of [60, 240])
      for (const rho of [0, 0.6]) cells.push(quietCell({ schedule: "duet", pairs: 1, points, rho, neighbour }));
  return cells;
}
