import type { Timeline, TimelineSeries } from "../domain/judgement/timeline.ts";
import type { Layer } from "../domain/service.ts";

/** TimelineStrip is one picture on the time axis: the series that share a quantity and a unit, of both arms. */
export interface TimelineStrip {
  readonly label: string;
  readonly unit: string;
  readonly layer: Layer;
  readonly chart: TimelineSeries["chart"];
  readonly series: readonly TimelineSeries[];
}

/** PARTS are the last words of a series' id that say which line of a strip it is, and not which quantity. */
const PARTS = new Set(["planned", "achieved", "failed", "dropped", "p50", "p90", "p95", "p99", "baseline", "candidate"]);

/** timelineStrips puts series of one quantity together: ids that differ only in arm, quantile, planned or achieved. */
export function timelineStrips(timeline: Timeline, chart: TimelineSeries["chart"]): readonly TimelineStrip[] {
  const groups = new Map<string, TimelineSeries[]>();
  for (const series of timeline.series) {
    if (series.chart !== chart) continue;
    const key = `${series.layer} ${series.unit} ${stemOf(series.id)}`;
    groups.set(key, [...(groups.get(key) ?? []), series]);
  }
  return [...groups.values()].flatMap((series) => {
    const [first] = series;
    if (first === undefined) return [];
    const { unit, layer } = first;
    return [{ label: commonLabel(series), unit, layer, chart, series }];
  });
}

/** partOf is the word that tells a line from the others of its strip: `p95`, `planned`; empty where there is none. */
export function partOf(series: TimelineSeries): string {
  return series.id.split(/[./:]/).findLast((word) => PARTS.has(word) && word !== "baseline" && word !== "candidate") ?? "";
}

function stemOf(id: string): string {
  const words = id.split(/([./:])/);
  while (words.length > 1 && PARTS.has(words.at(-1) ?? "")) words.splice(-2);
  return words.join("");
}

/** commonLabel keeps the words that all labels of a strip share: "orders planned" and "orders achieved" become "orders". */
function commonLabel(series: readonly TimelineSeries[]): string {
  const [first = [], ...others] = series.map(({ label }) => label.split(" "));
  const shared = first.filter((word) => others.every((words) => words.includes(word)));
  const label = shared.join(" ").replace(/[,:(]+$/, "");
  return label === "" ? first.join(" ") : label;
}
