import { arm, type Database, number, orNull, text } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { ValidityFact } from "../../domain/judgement/evidence.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { Arrangement, Stretch } from "../frame/time-axis.ts";

/** Arms whose rows or bytes differ by more than this share of the larger do not hold the same data. */
const SAME_DATA = 0.05;
/** Smaller differences come from the warm-up of a server, and from estimates of a small table. */
const FEW_ROWS = 50;
const FEW_BYTES = 16 * 1024 * 1024;

/** Tables that the scenarios read and write. Other numbers of rows in them mean other work. */
const WORK_TABLES =
  /^(?:sale_order|sale_order_line|stock_quant|stock_move|stock_move_line|stock_picking|product_product|product_template)$/;

/** armDifferences lists what differed between the arms, apart from the release, when the load began. */
export async function armDifferences(
  database: Database,
  tables: Pick<EvidenceTables, "readings">,
  arrangement: Arrangement,
): Promise<ValidityFact[]> {
  const starts = await readStartFacts(database, tables, arrangement.stretches);
  const opening = openingStretches(arrangement);
  const together = arrangement.runs.some((run) => run.arm === null);
  const fresh = starts.filter(({ stretch }) => opening.includes(stretch));
  return [...settingFacts(starts), ...dataFacts(fresh, together)];
}

/**
 * Later rounds of a campaign begin with the data that earlier rounds left, which the business rules judge. The server's estimates
 * of tables that were just written are also wrong by some per cent: equal arms read 2691 and 2855 order lines once.
 */
function openingStretches({ runs, stretches }: Arrangement): Arrangement["stretches"] {
  const first = new Map<string, number>();
  for (const { manifest } of runs) {
    if (manifest.round === undefined) continue;
    const { campaign, number: round } = manifest.round;
    first.set(campaign, Math.min(round, first.get(campaign) ?? round));
  }
  return stretches.filter(({ runs: own }) =>
    own.every(({ manifest: { round } }) => round === undefined || round.number === first.get(round.campaign)),
  );
}

/** Settings may be part of a release, so a difference in them may be the change to judge. It is named and bars nothing. */
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
      text: `the arms had different settings: ${[...different.values()].join(", ")}`,
      remedy: "Use the same settings in both arms, unless they are part of the release: the figures then include their effect.",
    },
  ];
}

/**
 * Arms of one run with different data do different work for the same request. Data also grow between runs that follow each other.
 */
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
  const work = [...tables].filter(([table]) => WORK_TABLES.test(table)).map(([, difference]) => difference);
  const others = [...tables].filter(([table]) => !WORK_TABLES.test(table)).map(([, difference]) => difference);
  const remedy = "Give both arms a copy of the same database, made at the same time.";
  const facts: ValidityFact[] = [];
  if (work.length > 0) {
    facts.push({
      code: "data-differs",
      severity: together ? "invalid" : "info",
      text: `the arms did not hold the same data when the load began: ${work.join(", ")}`,
      remedy,
    });
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

/** StartFacts is the state of one arm of one stretch when its load began. */
interface StartFacts {
  /** Settings by name: of the servers, of the release, of the machine. */
  readonly settings: ReadonlyMap<string, string>;
  /** Rows by table. */
  readonly rows: ReadonlyMap<string, number>;
  readonly databaseBytes: number | null;
}

/** Names in messages of readings about parts that the arms share. */
const SHARED_PARTS: Readonly<Record<string, string>> = {
  host_cores: "cores of the machine",
  host_memory_bytes: "memory of the machine in bytes",
  maximum_memory_bytes: "maxmemory of Redis",
};

/** StretchStart is the state of both arms of one stretch. */
interface StretchStart extends PerArm<StartFacts> {
  readonly stretch: Stretch;
}

/** Reads the state of both arms from the first readings of the probes and the manifests, by stretch. */
async function readStartFacts(
  database: Database,
  { readings }: Pick<EvidenceTables, "readings">,
  stretches: readonly Stretch[],
): Promise<StretchStart[]> {
  const names = ["server_setting", "live_rows", "database_bytes", ...Object.keys(SHARED_PARTS)];
  const rows = await database.rows(
    sql`select run, arm, name, coalesce(labels['table'], labels['name'], '') as subject,
      coalesce(labels['setting'], '') as setting, arg_min(value, at_ms) as value from ${readings}
    where name in ${names} group by all order by all`,
    { run: number, arm: orNull(arm), name: text, subject: text, setting: text, value: number },
  );
  return stretches.flatMap((stretch) => {
    const { runs } = stretch;
    const found = ARMS.map((each) => {
      const run = runs.find((one) => one.arm === null || one.arm === each);
      if (run === undefined) return null;
      // Readings of no arm count for both arms. Readings of the arm come later and replace them.
      const own = rows.filter((row) => row.run === run.index && (row.arm === null || row.arm === each));
      return startFacts(
        own.toSorted((a, b) => Number(a.arm !== null) - Number(b.arm !== null)),
        run,
        each,
      );
    });
    const [baseline, candidate] = found;
    return baseline == null || candidate == null ? [] : [{ stretch, baseline, candidate }];
  });
}

interface StartRow {
  readonly name: string;
  readonly subject: string;
  readonly setting: string;
  readonly value: number;
}

function startFacts(rows: readonly StartRow[], run: ComparedRun, of: Arm): StartFacts {
  const settings = new Map<string, string>(releaseSettings(run, of));
  for (const { name, subject, setting, value } of rows) {
    const part = SHARED_PARTS[name];
    if (name === "server_setting") settings.set(`PostgreSQL ${subject}`, setting);
    else if (part !== undefined) settings.set(part, String(value));
  }
  const tables = rows.filter(({ name }) => name === "live_rows");
  return {
    settings,
    rows: new Map(tables.map(({ subject, value }) => [subject, value])),
    databaseBytes: rows.find(({ name }) => name === "database_bytes")?.value ?? null,
  };
}

/** A run of one arm counts for the arm for which it was named on the command line, even if it ran as the other arm. */
function releaseSettings({ manifest, arm: namedAs }: ComparedRun, of: Arm): [string, string][] {
  const ranAs = namedAs === null ? of : (manifest.arms[0] ?? of);
  const odoo = manifest.releases[ranAs]?.identity["odoo"];
  const own = Object.entries(manifest.settings).filter(([key]) => key.startsWith(`${ranAs}.`));
  return [
    ...(odoo === undefined ? [] : [["Odoo version", odoo] satisfies [string, string]]),
    ...own.map(([key, value]): [string, string] => [`Odoo ${key.slice(ranAs.length + 1)}`, value]),
  ];
}
