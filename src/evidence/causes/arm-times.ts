import { type Database, number, numberOrNull, text } from "../../bundle/files/database.ts";
import { ARMS } from "../../domain/arm.ts";
import type { ArmTime } from "../../domain/judgement/causes.ts";
import { blockOf } from "../frame/tables.ts";
import type { Span } from "../frame/time-axis.ts";
import { type CounterGrowth, counterTotals } from "../series/counters.ts";

/** ARM_COUNTERS are the counters of one arm that times are read from. */
export const ARM_COUNTERS = [
  "request_duration_sum_ms",
  "request_duration_count",
  "odoo_cpu_ms",
  "block_read_ms",
  "block_write_ms",
] as const;

/** What requests took, and what sessions waited for, as rows of an answer: the arm is a text there. */
type Taken = Pick<ArmTime, "block" | "requests" | "clientMs" | "logged" | "pythonMs" | "sqlMs"> & { readonly side: string };
type Waited = Pick<ArmTime, "block" | "lockWaitMs" | "ioMs"> & { readonly side: string };

/** readArmTimes adds up times of a whole arm, block by block. Needs `sent_steps` and `requests`. */
export async function readArmTimes(
  database: Database,
  growths: readonly CounterGrowth[],
  blocks: readonly Span[],
): Promise<ArmTime[]> {
  const taken = await readTaken(database);
  const waited = await readWaited(database);
  return ARMS.flatMap((arm) => {
    const counter = (name: (typeof ARM_COUNTERS)[number]) =>
      counterTotals(growths, { name, labels: {}, side: arm }, blocks.length);
    const [serviceMs, serviceRequests, cpu] = [
      counter("request_duration_sum_ms"),
      counter("request_duration_count"),
      counter("odoo_cpu_ms"),
    ];
    const clocked = clockedIo(counter("block_read_ms"), counter("block_write_ms"));
    return [...blocks.keys()].map((block): ArmTime => {
      const { side: _, ...took } = taken.find((each) => each.side === arm && each.block === block) ?? nothingTaken;
      const waits = waited.find((each) => each.side === arm && each.block === block);
      return {
        ...took,
        arm,
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

const nothingTaken: Taken = { side: "", block: -1, requests: 0, clientMs: 0, logged: 0, pythonMs: 0, sqlMs: 0 };

/** Without track_io_timing both counters stand still at zero, which says nothing: null then. */
function clockedIo(read: readonly (number | null)[], write: readonly (number | null)[]): (number | null)[] | null {
  const both = read.map((ms, block) => {
    const other = write[block] ?? null;
    return ms === null || other === null ? null : ms + other;
  });
  return both.some((ms) => ms !== null && ms > 0) ? both : null;
}

/** Counters are cut by the clock, so what they are held against counts where it ended, and not where its transaction began. */
async function readTaken(database: Database): Promise<readonly Taken[]> {
  return database.rows(
    `with ended as (
      select run, side, end_ms as ended_ms, 1 as requests, value - late_ms as client_ms, 0 as logged, 0 as python_ms, 0 as sql_ms
      from sent_steps
      union all
      select run, side, at_ms, 0, 0, if(name = 'request_python_ms', 1, 0), if(name = 'request_python_ms', value, 0),
        if(name = 'request_sql_ms', value, 0)
      from requests where side is not null),
    placed as (
      select e.*, ${blockOf("e.ended_ms")} as block from ended e asof join blocks b on e.run = b.run and e.ended_ms >= b.from_ms)
    select side, block::DOUBLE as block, sum(requests)::DOUBLE as requests, sum(logged)::DOUBLE as logged,
      sum(client_ms order by ended_ms, client_ms)::DOUBLE as "clientMs",
      sum(python_ms order by ended_ms, python_ms)::DOUBLE as "pythonMs", sum(sql_ms order by ended_ms, sql_ms)::DOUBLE as "sqlMs"
    from placed where block is not null group by all order by all`,
    { side: text, block: number, requests: number, logged: number, clientMs: number, pythonMs: number, sqlMs: number },
  );
}

/** readWaited takes the mean number of waiting sessions in a block for all of its length. */
async function readWaited(database: Database): Promise<readonly Waited[]> {
  const waiting = (type: string) =>
    `avg(r.value order by r.at_ms) filter (where r.labels['type'] = '${type}') * any_value(b.to_ms - b.from_ms)`;
  return database.rows(
    `select r.side, b.block::DOUBLE as block, ${waiting("Lock")} as "lockWaitMs", ${waiting("IO")} as "ioMs"
    from readings r asof join blocks b on r.run = b.run and r.at_ms >= b.from_ms
    where r.probe = 'postgres' and r.name = 'waits' and r.side is not null and r.at_ms < b.to_ms
    group by r.run, r.side, b.block order by r.side, b.block, r.run`,
    { side: text, block: number, lockWaitMs: numberOrNull, ioMs: numberOrNull },
  );
}
