import { type Database, number, text, textOrNull } from "../../bundle/files/database.ts";
import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { ValidityFact } from "../../domain/judgement/evidence.ts";
import type { Arrangement, Stretch } from "../frame/time-axis.ts";

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
    const { campaign, number: round } = manifest.round;
    first.set(campaign, Math.min(round, first.get(campaign) ?? round));
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

/** StartFacts is how one arm of one stretch stood when its load began. */
export interface StartFacts {
  /** Settings by name: of the servers, of the release, of the machine. */
  readonly settings: ReadonlyMap<string, string>;
  /** Rows by table. */
  readonly rows: ReadonlyMap<string, number>;
  readonly databaseBytes: number | null;
}

/** Readings of the parts that arms share, as names for people. */
const SHARED_PARTS: Readonly<Record<string, string>> = {
  host_cores: "cores of the machine",
  host_memory_bytes: "memory of the machine in bytes",
  maximum_memory_bytes: "maxmemory of Redis",
};

/** StretchStart is how both arms of one stretch stood. */
export interface StretchStart extends PerArm<StartFacts> {
  readonly stretch: Stretch;
}

/** readStartFacts reads what the first looks of the probes and the manifests say of both arms, stretch by stretch. */
export async function readStartFacts(database: Database, stretches: readonly Stretch[]): Promise<StretchStart[]> {
  const names = ["server_setting", "live_rows", "database_bytes", ...Object.keys(SHARED_PARTS)];
  const rows = await database.rows(
    `select run::DOUBLE as run, side, name, coalesce(labels['table'], labels['name'], '') as subject,
      coalesce(labels['setting'], '') as setting, arg_min(value, at_ms) as value from readings
    where name in (${names.map((name) => `'${name}'`).join(", ")}) group by all order by all`,
    { run: number, side: textOrNull, name: text, subject: text, setting: text, value: number },
  );
  return stretches.flatMap((stretch) => {
    const { runs } = stretch;
    const found = ARMS.map((arm) => {
      const run = runs.find(({ side }) => side === null || side === arm);
      if (run === undefined) return null;
      // What belongs to no arm belongs to both; what an arm has of its own comes later and counts.
      const own = rows.filter((row) => row.run === run.index && (row.side === null || row.side === arm));
      return startFacts(
        own.toSorted((a, b) => Number(a.side !== null) - Number(b.side !== null)),
        run,
        arm,
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

function startFacts(rows: readonly StartRow[], run: ComparedRun, arm: Arm): StartFacts {
  const settings = new Map<string, string>(releaseSettings(run, arm));
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

/** A run of one arm speaks for the side that it was named for, whatever arm it ran as. */
function releaseSettings({ manifest, side }: ComparedRun, arm: Arm): [string, string][] {
  const ranAs = side === null ? arm : (manifest.arms[0] ?? arm);
  const odoo = manifest.releases[ranAs]?.identity["odoo"];
  const own = Object.entries(manifest.settings).filter(([key]) => key.startsWith(`${ranAs}.`));
  return [
    ...(odoo === undefined ? [] : [["Odoo version", odoo] satisfies [string, string]]),
    ...own.map(([key, value]): [string, string] => [`Odoo ${key.slice(ranAs.length + 1)}`, value]),
  ];
}
