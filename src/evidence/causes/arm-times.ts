import { arm, type Database, number, orNull } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import { ARMS } from "../../domain/arm.ts";
import type { ArmTime } from "../../domain/judgement/causes.ts";
import { blockOf, type EvidenceTables } from "../frame/tables.ts";
import type { Span } from "../frame/time-axis.ts";
import { type CounterGrowth, counterTotals } from "../series/counters.ts";
import type { RequestTables } from "../series/request-tables.ts";
import type { SentSteps } from "./step-times.ts";

/** ARM_COUNTERS are the counters of one arm from which times are read. */
export const ARM_COUNTERS = [
  "request_duration_sum_ms",
  "request_duration_count",
  "odoo_cpu_ms",
  "block_read_ms",
  "block_write_ms",
] as const;

/** Times of the requests that ended in a block. */
type Taken = Pick<ArmTime, "arm" | "block" | "requests" | "clientMs" | "logged" | "pythonMs" | "sqlMs">;
/** Waiting times of the sessions in a block. */
type Waited = Pick<ArmTime, "arm" | "block" | "lockWaitMs" | "ioMs">;

interface ArmTables extends Pick<EvidenceTables, "readings" | "blocks">, Pick<RequestTables, "requests"> {
  readonly sent: SentSteps;
}

/** readArmTimes adds up times of a whole arm by block. */
export async function readArmTimes(
  database: Database,
  tables: ArmTables,
  { growths, blocks }: { growths: readonly CounterGrowth[]; blocks: readonly Span[] },
): Promise<ArmTime[]> {
  const taken = await readTaken(database, tables);
  const waited = await readWaited(database, tables);
  return ARMS.flatMap((each) => {
    const counter = (name: (typeof ARM_COUNTERS)[number]) =>
      counterTotals(growths, { name, labels: {}, arm: each }, blocks.length);
    const serviceMs = counter("request_duration_sum_ms");
    const serviceRequests = counter("request_duration_count");
    const cpu = counter("odoo_cpu_ms");
    const clocked = clockedIo(counter("block_read_ms"), counter("block_write_ms"));
    return [...blocks.keys()].map((block): ArmTime => {
      const took = taken.find((row) => row.arm === each && row.block === block) ?? nothingTaken;
      const waits = waited.find((row) => row.arm === each && row.block === block);
      return {
        ...took,
        arm: each,
        block,
        serviceRequests: serviceRequests[block] ?? null,
        serviceMs: serviceMs[block] ?? null,
        odooCpuMs: cpu[block] ?? null,
        lockWaitMs: waits?.lockWaitMs ?? null,
        ioMs: clocked === null ? (waits?.ioMs ?? null) : (clocked[block] ?? null),
      };
    });
  });
}

const nothingTaken = { requests: 0, clientMs: 0, logged: 0, pythonMs: 0, sqlMs: 0 };

/** Without track_io_timing both counters stay at zero, which means unknown: null then. */
function clockedIo(read: readonly (number | null)[], write: readonly (number | null)[]): (number | null)[] | null {
  const both = read.map((ms, block) => {
    const other = write[block] ?? null;
    return ms === null || other === null ? null : ms + other;
  });
  return both.some((ms) => ms !== null && ms > 0) ? both : null;
}

/**
 * Counters are cut by time. A request that is compared with them counts in the block in which it ended, not in that of its
 * transaction.
 */
async function readTaken(database: Database, { sent, requests, blocks }: ArmTables): Promise<readonly Taken[]> {
  return database.rows(
    sql`with ended as (
      select run, arm, end_ms as ended_ms, 1 as requests, value - late_ms as client_ms, 0 as logged, 0 as python_ms, 0 as sql_ms
      from ${sent}
      union all
      select run, arm, at_ms, 0, 0, if(name = 'request_python_ms', 1, 0), if(name = 'request_python_ms', value, 0),
        if(name = 'request_sql_ms', value, 0)
      from ${requests} where arm is not null),
    placed as (
      select e.*, ${blockOf(sql`e.ended_ms`)} as block
      from ended e asof join ${blocks} b on e.run = b.run and e.ended_ms >= b.from_ms)
    select arm, block, sum(requests) as requests, sum(logged) as logged,
      sum(client_ms order by ended_ms, client_ms) as client_ms,
      sum(python_ms order by ended_ms, python_ms) as python_ms, sum(sql_ms order by ended_ms, sql_ms) as sql_ms
    from placed where block is not null group by all order by all`,
    { arm, block: number, requests: number, logged: number, clientMs: number, pythonMs: number, sqlMs: number },
  );
}

/** The mean number of waiting sessions in a block, times the length of the block. */
async function readWaited(database: Database, { readings, blocks }: ArmTables): Promise<readonly Waited[]> {
  const waiting = (type: string) =>
    sql`avg(r.value order by r.at_ms) filter (where r.labels['type'] = ${type}) * any_value(b.to_ms - b.from_ms)`;
  return database.rows(
    sql`select r.arm, b.block, ${waiting("Lock")} as lock_wait_ms, ${waiting("IO")} as io_ms
    from ${readings} r asof join ${blocks} b on r.run = b.run and r.at_ms >= b.from_ms
    where r.probe = 'postgres' and r.name = 'waits' and r.arm is not null and r.at_ms < b.to_ms
    group by r.run, r.arm, b.block order by r.arm, b.block, r.run`,
    { arm, block: number, lockWaitMs: orNull(number), ioMs: orNull(number) },
  );
}
