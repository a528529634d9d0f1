import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { ComparedRun } from "../evidence/compared-runs.ts";
import type { Stretch } from "../evidence/arranged-runs.ts";
import type { Database } from "../files/database.ts";
import { number, text, textOrNull } from "../files/database.ts";

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
