import type { Arm } from "../../../domain/arm.ts";
import type { Probe, Reading } from "../../../domain/reading.ts";
import { BACKLOG_TABLES } from "../../../domain/target/database-access.ts";
import { observe } from "../../observe.ts";
import { sampleAndClose } from "../../sample-and-close.ts";
import { openPostgresSession, type PostgresSession } from "../postgres-session.ts";
import { type ReadableColumnRow, readableColumnsSql, type ReadableTableRow, readableTablesSql } from "../sql/readable-tables.ts";
import { BACKLOG_PARTS, backlogSql } from "./backlog-parts.ts";
import { drainMinutes, type Look } from "./drain-minutes.ts";

/** Trends are taken over the last minute: the time in which Odoo's own jobs come round once. */
const TREND_MS = 60_000;

/** Backlogs whose end is foretold, by the reading of their size. */
const DRAINING: Readonly<Record<string, string>> = {
  orders_waiting: "orders_drain_minutes",
  mails_waiting: "mails_drain_minutes",
  jobs_waiting: "jobs_drain_minutes",
  pickings_waiting: "pickings_drain_minutes",
};

/** Opened is what the probe found at its first look. */
interface Opened {
  /** Time of the database, UTC without a zone. */
  readonly since: string;
  /** Null where no table can be read. */
  readonly sql: string | null;
  readonly tables: readonly ReadableTableRow[];
}

/** backlogProbe reads what waits in one arm's Odoo: orders, mails, jobs, scheduled jobs, pickings. It needs the invariants role. */
export function backlogProbe(arm: Arm, dsn: string, options: { everyMs: number }): Probe {
  const session = openPostgresSession(dsn);
  const looks = new Map<string, Look[]>();
  let opened: Opened | null = null;

  /** tables says how many tables are read, and which one is there and may not be read. */
  function tables(found: Opened, timeMs: number): readonly Reading[] {
    const refused = found.tables.filter(({ present, readable }) => present && !readable);
    return [
      ...observe({ timeMs, arm, probe: "backlog" }, { backlog_tables: found.tables.filter(({ readable }) => readable).length }),
      ...refused.flatMap(({ table }) => observe({ timeMs, arm, probe: "backlog", labels: { table } }, { backlog_unreadable: 1 })),
    ];
  }

  async function sample(): Promise<readonly Reading[]> {
    const atFirst = opened === null;
    opened ??= await open(session);
    const { since, sql } = opened;
    const rows = sql === null ? [] : await session.query<{ figures: Record<string, number | null> }>(sql, [since]);
    const timeMs = Date.now();
    const figures = addUp(rows.map((row) => row.figures));
    return [
      ...observe({ timeMs, arm, probe: "backlog" }, { ...figures, ...drains(figures, timeMs, looks) }),
      ...(atFirst ? tables(opened, timeMs) : []),
    ];
  }

  return {
    name: `backlog-${arm}`,
    everyMs: options.everyMs,
    start: sample,
    sample,
    stop: () => sampleAndClose(sample, session),
  };
}

async function open(session: PostgresSession): Promise<Opened> {
  const names = BACKLOG_TABLES.map(({ table }) => table);
  const tables = await session.query<ReadableTableRow>(readableTablesSql, [names]);
  const [clock] = await session.query<{ since: string }>("select (now() at time zone 'UTC')::text as since");
  const columns = new Set((await session.query<ReadableColumnRow>(readableColumnsSql, [names])).map(({ name }) => name));
  const parts = BACKLOG_PARTS.filter(
    (part) =>
      tables.some(({ table, readable }) => readable && table === part.table) &&
      (part.column === undefined || columns.has(`${part.table}.${part.column}`)),
  );
  return { since: clock?.since ?? "", sql: parts.length === 0 ? null : backlogSql(parts), tables };
}

type Figures = Readonly<Record<string, number | null>>;

/** addUp joins the figures of all parts; one that several of them give is their sum, and null where none of them knows it. */
function addUp(parts: readonly Figures[]): Figures {
  const sums: Record<string, number | null> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    sums[name] = value === null ? (sums[name] ?? null) : (sums[name] ?? 0) + value;
  }
  return sums;
}

function drains(figures: Figures, timeMs: number, looks: Map<string, Look[]>): Record<string, number | null> {
  const told: Record<string, number | null> = {};
  for (const [waiting, name] of Object.entries(DRAINING)) {
    const size = figures[waiting] ?? null;
    if (size === null) continue;
    const recent = [...(looks.get(waiting) ?? []), { timeMs, size }].filter((look) => look.timeMs > timeMs - TREND_MS);
    looks.set(waiting, recent);
    told[name] = drainMinutes(recent);
  }
  return told;
}
