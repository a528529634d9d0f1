import { quietCell, type Cell } from "./cell.ts";

/** powerCells are the cells in which power is measured; the report finds those of the targets by `powerPlace`. */
export const powerCells: readonly { readonly name: string; readonly cell: Cell }[] = [
  {
    name: "Eight pairs of 40 s in sequence, quiet host",
    cell: quietCell({ schedule: "sequential", pairs: 8, points: 40, rho: 0.3, runSd: 0.01, driftSd: 0.01 }),
  },
  {
    name: "Eight pairs of 40 s in sequence, drifting host",
    cell: quietCell({ schedule: "sequential", pairs: 8, points: 40, rho: 0.6, runSd: 0.01, driftSd: 0.03 }),
  },
  {
    name: "Four minutes of duet, quiet, own noise independent",
    cell: quietCell({ schedule: "duet", pairs: 1, points: 240, runSd: 0.01, driftSd: 0.01 }),
  },
  {
    name: "Four minutes of duet, quiet, own noise correlated",
    cell: quietCell({ schedule: "duet", pairs: 1, points: 240, rho: 0.3, runSd: 0.01, driftSd: 0.01 }),
  },
  {
    name: "Four minutes of duet, noisy neighbour, seen",
    cell: quietCell({ schedule: "duet", pairs: 1, points: 240, neighbour: "seen" }),
  },
  {
    name: "Four minutes of duet, noisy neighbour, unseen",
    cell: quietCell({ schedule: "duet", pairs: 1, points: 240, neighbour: "unseen" }),
  },
];

/**
 * powerFactor is how many times as many campaigns as for false alarms: with 400 a smallest change is known to 2 % of itself only
 * (one standard error), as much as the choice of weights is about, and with 1000 to 1.3 %.
 */
export const powerFactor = 10;

/** powerPlace says where each cell stands in `powerCells`. */
export const powerPlace = { pairs: 0, drifting: 1, quiet: 2, correlated: 3, neighbour: 4, unseen: 5 } as const;
