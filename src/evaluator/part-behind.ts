import type { Indicator } from "../domain/judgement/indicator.ts";
import type { TargetPart } from "../domain/target/target.ts";

const PART_OF_READING: Readonly<Record<string, TargetPart>> = { request_statements: "odoo-log", odoo_cpu_ms: "odoo-processes" };

/** partBehind names the part of the target without which a gate has no data; null where k6 alone measures it. */
export function partBehind({ source }: Pick<Indicator, "source">): TargetPart | null {
  if (source.kind === "count" && source.event === "serialization-retry") return "odoo-log";
  return source.kind === "ratio" ? (PART_OF_READING[source.reading] ?? null) : null;
}
