import type { Arm } from "../../domain/arm.ts";
import { ARMS } from "../../domain/arm.ts";
import type { TimelineSeries } from "../../domain/timeline.ts";
import type { Span } from "../evidence/cut-blocks.ts";
import type { Database } from "../files/database.ts";
import { number, sqlText, text, textOrNull } from "../files/database.ts";
import { pointsOf } from "./timeline-bins.ts";
import type { ProbeLine } from "./timeline-lines.ts";
import { lineFactors, probeLines } from "./timeline-lines.ts";

interface BinValue {
  readonly name: string;
  readonly side: string | null;
  readonly bin: number;
  readonly level: number;
  /** Growth of counters per millisecond that was observed. */
  readonly rate: number | null;
}

/** readProbeLines turns probe readings into lines, layer by layer and, where they have one, arm by arm. */
export async function readProbeLines(database: Database, bins: readonly Span[]): Promise<TimelineSeries[]> {
  const values = await readBinValues(database);
  return probeLines.flatMap((line) => {
    const own = values.filter(({ name }) => name === line.reading);
    const sides: (Arm | null)[] = ARMS.filter((arm) => own.some(({ side }) => side === arm));
    if (own.some(({ side }) => side === null)) sides.push(null);
    return sides.map((arm) => ({
      id: arm === null ? line.id : `${line.id}.${arm}`,
      label: arm === null ? line.label : `${line.label}, ${arm}`,
      unit: line.unit,
      layer: line.layer,
      arm,
      chart: "probe" as const,
      points: pointsOf(bins, lineValues(line, values, arm)),
    }));
  });
}

function lineValues(line: ProbeLine, values: readonly BinValue[], arm: Arm | null): Map<number, number> {
  const own = values.filter(({ name, side }) => name === line.reading && side === arm);
  if (line.as === "level") return new Map(own.map(({ bin, level }) => [bin, level]));
  const whole = new Map(values.filter(({ name, side }) => name === line.of && side === arm).map(({ bin, rate }) => [bin, rate]));
  const points = own.flatMap(({ bin, rate }): [number, number][] => {
    if (rate === null) return [];
    if (line.as === "rate") return [[bin, rate * 1000 * (lineFactors[line.reading] ?? 1)]];
    const total = whole.get(bin) ?? null;
    return total === null || total <= 0 ? [] : [[bin, rate / total]];
  });
  return new Map(points);
}

/** Readings with several sets of labels (codes, services) are added up at each moment first. */
async function readBinValues(database: Database): Promise<readonly BinValue[]> {
  const names = [...new Set(probeLines.flatMap(({ reading, of }) => [reading, ...(of === undefined ? [] : [of])]))];
  return database.rows(
    `with looks as (
      select run, side, name, labels::VARCHAR as labels_text, at_ms, max(value) as value from readings
      where name in (${names.map((name) => sqlText(name)).join(", ")}) group by all),
    grown as (
      select *, lag(at_ms) over counter as previous_ms, lag(value) over counter as previous from looks
      window counter as (partition by run, side, name, labels_text order by at_ms)),
    summed as (
      select run, side, name, at_ms, sum(value) as level, min(previous_ms) as previous_ms,
        sum(if(value >= previous, value - previous, value)) as growth
      from grown group by run, side, name, at_ms)
    select s.name, s.side, b.bin::DOUBLE as bin, avg(level) as level, sum(growth) / nullif(sum(at_ms - previous_ms), 0) as rate
    from summed s asof join bins b on s.at_ms >= b.from_ms where s.at_ms < b.to_ms
    group by s.name, s.side, b.bin order by s.name, s.side, b.bin`,
    { name: text, side: textOrNull, bin: number, level: number, rate: (cell) => (cell === null ? null : number(cell)) },
  );
}
