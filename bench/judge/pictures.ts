import type { BenchResults } from "./bench-results.ts";
import { contestants, place } from "./contestants.ts";
import { drawPanels, type Axis, type Panel } from "./line-chart.ts";
import { factors } from "./power.ts";

/** Among all gates the judge's line lies so close to the others that it would only cover them. */
const drawn = contestants.map((_, index) => index).filter((index) => index !== place.allGates);

/** Cells in which rules raise up to half of all releases, and cells with one in a hundred, have to fit into one picture. */
const rootScale = (share: number) => Math.sqrt(share);

/** alarmsPicture shows the false alarms of every contestant in all cells, the worst cell first. */
export function alarmsPicture({ alarms }: BenchResults): string {
  const most = alarms.length;
  const across: Axis = {
    label: "share of cells, each rule's worst cell first",
    minimum: 0,
    maximum: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    text: (value) => `${100 * value} %`,
  };
  const shares = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5];
  const up: Axis = {
    label: "equal releases called worse",
    minimum: 0,
    maximum: rootScale(0.5),
    ticks: shares.map(rootScale),
    text: (value) => `${Math.round(100 * value * value)} %`,
  };
  const panels = (["duet", "sequential"] as const).map((schedule): Panel => {
    const cells = alarms.filter(({ cell }) => cell.schedule === schedule);
    return {
      title: schedule === "duet" ? "Both arms in the same run (duet)" : "Runs one after another",
      lines: drawn.map((index) => ({
        name: contestants[index]?.name ?? "",
        points: cells
          .map((cell) => (cell.alarms[index] ?? 0) / cell.repetitions)
          .sort((a, b) => b - a)
          .map((share, rank) => [rank / Math.max(1, cells.length - 1), rootScale(share)] as const),
      })),
      across,
      up,
      level: { at: rootScale(0.01), text: "1 %" },
    };
  });
  return drawPanels(`False alarms by cell (${most} cells of noise)`, panels);
}

/** powerPicture shows how often each contestant finds a slow-down, by its own rule. */
export function powerPicture({ power }: BenchResults): string {
  const panels = power.map(({ name, found }): Panel => ({
    title: name,
    lines: drawn.map((contestant) => ({
      name: contestants[contestant]?.name ?? "",
      points: factors.map((factor, index) => [Math.log(factor - 1), found.own[contestant]?.found[index] ?? 0] as const),
    })),
    across: {
      label: "true slow-down of the candidate",
      minimum: Math.log(0.03),
      maximum: Math.log(0.5),
      ticks: factors.map((factor) => Math.log(factor - 1)),
      text: (value) => `${Math.round(100 * Math.exp(value))} %`,
    },
    up: {
      label: "campaigns in which it is found",
      minimum: 0,
      maximum: 1,
      ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
      text: (value) => `${Math.round(100 * value)} %`,
    },
    level: { at: 0.8, text: "80 %" },
  }));
  return drawPanels("Power: which slow-down is found how often, each rule as it is", panels);
}
