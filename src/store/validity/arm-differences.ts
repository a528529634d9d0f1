import type { PerArm } from "../../domain/arm.ts";
import type { ValidityFact } from "../../domain/evidence.ts";
import type { Arrangement } from "../evidence/arranged-runs.ts";
import type { Database } from "../files/database.ts";
import type { StartFacts } from "./start-facts.ts";
import { readStartFacts } from "./start-facts.ts";

/** Rows and bytes that differ by more than this share of the larger do not hold the same data. */
const SAME_DATA = 0.05;
/** The warm-up of a server, and estimates of a small table, differ by less. */
const FEW_ROWS = 50;
const FEW_BYTES = 16 * 1024 * 1024;

/** Tables of which the business steps read and write: other amounts of them are other work. */
const WORK_TABLES =
  /^(?:sale_order|sale_order_line|stock_quant|stock_move|stock_move_line|stock_picking|product_product|product_template)$/;

/** armDifferences says what besides the release was not the same for both arms when the load began. */
export async function armDifferences(database: Database, arrangement: Arrangement): Promise<ValidityFact[]> {
  const starts = await readStartFacts(database, arrangement.stretches);
  const opening = openingStretches(arrangement);
  const together = arrangement.runs.some(({ side }) => side === null);
  const fresh = starts.filter(({ stretch }) => opening.includes(stretch));
  return [...settingFacts(starts), ...dataFacts(fresh, together)];
}

/**
 * Later rounds of a campaign begin with what its own load has left, which the business rules judge. Of tables that were just written to
 * the server's estimates are off by some per cent besides: equal arms read 2691 and 2855 order lines once.
 */
function openingStretches({ runs, stretches }: Arrangement): Arrangement["stretches"] {
  const first = new Map<string, number>();
  for (const { manifest } of runs) {
    if (manifest.round === undefined) continue;
    const { campaign, number } = manifest.round;
    first.set(campaign, Math.min(number, first.get(campaign) ?? number));
  }
  return stretches.filter(({ runs: own }) =>
    own.every(({ manifest: { round } }) => round === undefined || round.number === first.get(round.campaign)),
  );
}

/** Settings may be part of a release, and a difference in them is then what is to be judged: they are named, and bar nothing. */
function settingFacts(starts: readonly PerArm<StartFacts>[]): ValidityFact[] {
  const different = new Map<string, string>();
  for (const { baseline, candidate } of starts) {
    for (const [name, before] of baseline.settings) {
      const after = candidate.settings.get(name);
      if (after !== undefined && after !== before) different.set(name, `${name} ${before} against ${after}`);
    }
  }
  if (different.size === 0) return [];
  return [
    {
      code: "settings-differ",
      severity: "info",
      text: `the arms were not set alike: ${[...different.values()].join(", ")}`,
      remedy: "Set both alike, unless the settings are part of the release: what differs then shows their effect too.",
    },
  ];
}

/** Arms of one run that hold other data do other work for the same request. Runs one after another grow, in an order that is random. */
function dataFacts(starts: readonly PerArm<StartFacts>[], together: boolean): ValidityFact[] {
  const tables = new Map<string, string>();
  let size: string | null = null;
  for (const { baseline, candidate } of starts) {
    for (const [table, before] of baseline.rows) {
      const after = candidate.rows.get(table);
      if (after !== undefined && differ(before, after, FEW_ROWS)) tables.set(table, `${table} ${before} against ${after} rows`);
    }
    const [before, after] = [baseline.databaseBytes, candidate.databaseBytes];
    if (before !== null && after !== null && differ(before, after, FEW_BYTES)) {
      size = `the databases have ${mebibytes(before)} against ${mebibytes(after)}`;
    }
  }
  const work = [...tables].filter(([table]) => WORK_TABLES.test(table)).map(([, told]) => told);
  const others = [...tables].filter(([table]) => !WORK_TABLES.test(table)).map(([, told]) => told);
  const remedy = "Give both arms a copy of the same database, made at the same time.";
  const facts: ValidityFact[] = [];
  if (work.length > 0) {
    const text = `the arms did not hold the same data when the load began: ${work.join(", ")}`;
    facts.push({ code: "data-differs", severity: together ? "invalid" : "info", text, remedy });
  }
  const rest = [...(size === null ? [] : [size]), ...others];
  if (rest.length > 0) facts.push({ code: "size-differs", severity: "info", text: rest.join(", "), remedy });
  return facts;
}

function differ(left: number, right: number, few: number): boolean {
  return Math.abs(left - right) > Math.max(few, SAME_DATA * Math.max(left, right));
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}
