import { arm, type Database, number, text } from "../../bundle/duckdb/database.ts";
import { type Sql, sql, type Table } from "../../bundle/duckdb/sql.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { GrowthTable } from "./counters.ts";
import { countTransactions, type RequestGroup, type TransactionGroup } from "./per-transaction.ts";
import type { RequestTables } from "./request-tables.ts";

/** ExpectedWork is the growth of an arm's counters that its requests in Odoo's log lead one to expect, in the log's units. */
export interface ExpectedWork {
  readonly groups: readonly WorkGroup[];
  /** Cost of one request, by reading and step. */
  readonly costs: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Counters for which an arm has no log, so that no growth can be expected. */
  readonly unknown: readonly string[];
}

interface WorkGroup {
  readonly arm: Arm;
  readonly counter: string;
  readonly block: number;
  readonly work: number;
}

/**
 * COST_READINGS names the reading of a request in proportion to which a counter is expected to grow while the request runs.
 * Measured on the lab: CPU-ms of Odoo are 1.04 to 1.08 times the Python time of the requests, second by second, with 30 ms left
 * over where a second holds 0 to 700.
 */
const COST_READINGS: Readonly<Record<string, string>> = {
  odoo_cpu_ms: "request_python_ms",
  postgres_cpu_ms: "request_sql_ms",
  statements_total: "request_statements",
  rows_total: "request_statements",
  blocks_total: "request_statements",
  wal_bytes_total: "request_statements",
};

/** Longer than nearly all requests and intervals between readings, and short enough to hold few of either. */
const BUCKET_MS = 10_000;

/**
 * costReadingOf is the reading that holds the cost of a request for a counter; null where a counter's growth is not due to
 * requests.
 */
function costReadingOf(counter: string): string | null {
  return COST_READINGS[counter] ?? null;
}

/** WorkTables are the tables from which the expected work is computed. */
export interface WorkTables extends Pick<EvidenceTables, "blocks">, Pick<RequestTables, "requests" | "retried" | "cold"> {
  readonly growth: GrowthTable;
}

/**
 * readExpectedWork adds up the expected cost of each block's requests.
 *
 * The expected cost of a request is the mean of its step over both arms, so that neither a slow arm nor a slow moment changes it.
 * A request that was run again costs as much each time. The cost is spread over the time in which the request ran, then summed
 * between the same two readings as the counter, and cut at the edges of the blocks as the counter is. Errors of a cut are then
 * equal in both, and cancel in their ratio. Requests of no step are not expected, so that their cost shows.
 *
 * Sums are taken in a fixed order, because the rows of a join come in another order each time and would change the last digits.
 */
export async function readExpectedWork(
  database: Database,
  tables: WorkTables,
  counters: readonly string[],
): Promise<ExpectedWork> {
  if (counters.every((counter) => costReadingOf(counter) === null)) return { groups: [], costs: new Map(), unknown: [] };
  const buckets = await loadWorkBuckets(database, tables, counters);
  return {
    groups: await readGroups(database, tables, buckets),
    costs: await readCosts(database, buckets.stepCosts),
    unknown: await readUnknown(database, tables, buckets.costReadings),
  };
}

/** `(counter, reading)`, the counters that are asked for. */
type CostReadings = Table<"cost_readings">;
/** `(name, step, cost)`. */
type StepCosts = Table<"step_costs">;

/**
 * A retry waits and a first use fills caches. Neither is the usual cost of a step, so both are left out unless there are no
 * others.
 */
async function loadStepCosts(
  database: Database,
  { requests, retried, cold }: WorkTables,
  costReadings: CostReadings,
): Promise<StepCosts> {
  return database.table(
    "step_costs",
    sql`with usual as (
      select *, id not in (select id from ${retried} union all select id from ${cold}) as is_usual from ${requests})
    select name, step, coalesce(avg(value order by id) filter (is_usual), avg(value order by id)) as cost from usual
    where step is not null and name in (select reading from ${costReadings}) group by all order by all`,
  );
}

/** WorkBuckets hold intervals and requests once for each bucket of time that they touch, and the costs of the requests. */
export interface WorkBuckets {
  readonly costReadings: CostReadings;
  readonly stepCosts: StepCosts;
  /** `(run, arm, name, previous_ms, at_ms, reading, first_bucket, bucket)`, the time between two readings of a counter. */
  readonly intervals: Table<"interval_buckets">;
  /** `(id, run, arm, name, start_ms, at_ms, cost, first_bucket, bucket)`, requests with their expected cost. */
  readonly requests: Table<"request_buckets">;
}

/**
 * loadWorkBuckets spreads intervals and requests over buckets, so that the work for their join grows with the load's length only.
 */
export async function loadWorkBuckets(database: Database, tables: WorkTables, counters: readonly string[]): Promise<WorkBuckets> {
  const { growth, requests, retried } = tables;
  const costReadings = await database.tableOf(
    "cost_readings",
    { counter: "VARCHAR", reading: "VARCHAR" },
    counters.map((counter) => [counter, costReadingOf(counter)]).filter(([, reading]) => reading !== null),
  );
  const stepCosts = await loadStepCosts(database, tables, costReadings);
  const buckets = (fromMs: Sql, toMs: Sql) =>
    sql`${bucketOf(fromMs)} as first_bucket, unnest(range(${bucketOf(fromMs)}, ${bucketOf(toMs)} + 1)) as bucket`;
  const [atMs, startMs, previousMs] = [sql`at_ms`, sql`start_ms`, sql`previous_ms`];
  return {
    costReadings,
    stepCosts,
    intervals: await database.table(
      "interval_buckets",
      sql`with intervals as (
        select distinct run, arm, name, previous_ms, at_ms from ${growth} where name in (select counter from ${costReadings}))
      select i.*, c.reading, ${buckets(previousMs, atMs)} from intervals i join ${costReadings} c on i.name = c.counter`,
    ),
    requests: await database.table(
      "request_buckets",
      sql`with costed as (
        select q.id, q.run, q.arm, q.name, q.start_ms, q.at_ms, c.cost * (1 + coalesce(r.times, 0)) as cost
        from ${requests} q join ${stepCosts} c using (name, step) left join ${retried} r using (id))
      select *, ${buckets(startMs, atMs)} from costed`,
    ),
  };
}

function bucketOf(moment: Sql): Sql {
  return sql`floor(${moment} / ${BUCKET_MS})::BIGINT`;
}

/** joinedBuckets is the relation of the pairs of an interval `i` and a request `q` of the same arm, run and bucket. */
export function joinedBuckets({ intervals, requests }: WorkBuckets): Sql {
  return sql`${intervals} i join ${requests} q on q.run = i.run and q.arm = i.arm and q.name = i.reading and q.bucket = i.bucket`;
}

/** An interval and a request that share several buckets are joined in the bucket of the later start. */
async function readGroups(database: Database, { blocks }: WorkTables, buckets: WorkBuckets): Promise<readonly WorkGroup[]> {
  return database.rows(
    sql`with expected as (
      select i.run, i.arm, i.name, i.previous_ms, i.at_ms,
        sum(q.cost * (least(q.at_ms, i.at_ms) - greatest(q.start_ms, i.previous_ms)) / (q.at_ms - q.start_ms) order by q.id) as work
      from ${joinedBuckets(buckets)}
      where q.at_ms > i.previous_ms and q.start_ms < i.at_ms and i.bucket = greatest(i.first_bucket, q.first_bucket)
      group by all)
    select e.arm, e.name as counter, b.block,
      sum(e.work * (least(e.at_ms, b.to_ms) - greatest(e.previous_ms, b.from_ms)) / (e.at_ms - e.previous_ms)
        order by e.at_ms, e.run) as work
    from expected e join ${blocks} b on e.run = b.run and e.at_ms > b.from_ms and e.previous_ms < b.to_ms
    group by e.arm, e.name, b.block order by all`,
    { arm, counter: text, block: number, work: number },
  );
}

async function readCosts(database: Database, stepCosts: StepCosts): Promise<Map<string, Map<string, number>>> {
  const rows = await database.rows(sql`select name, step, cost from ${stepCosts} order by all`, {
    name: text,
    step: text,
    cost: number,
  });
  const costs = new Map<string, Map<string, number>>();
  for (const { name, step, cost } of rows) costs.set(name, (costs.get(name) ?? new Map<string, number>()).set(step, cost));
  return costs;
}

async function readUnknown(database: Database, { growth, requests }: WorkTables, costReadings: CostReadings): Promise<string[]> {
  const rows = await database.rows(
    sql`select distinct g.name from ${growth} g join ${costReadings} c on g.name = c.counter
      anti join ${requests} q on q.run = g.run and q.arm = g.arm and q.name = c.reading and q.step is not null
      where g.arm is not null order by all`,
    { name: text },
  );
  return rows.map(({ name }) => name);
}

interface Counted {
  readonly requests: readonly RequestGroup[];
  readonly transactions: readonly TransactionGroup[];
  readonly expected: ExpectedWork;
}

/**
 * expectedTransactions are the transactions of one arm by block, each counted by the expected cost of its requests: ten of
 * average cost, or twenty of half that cost. A counter's growth per transaction then does not depend on which transactions a
 * block holds, nor on where its edges cut them. Null where a log is missing.
 *
 * An arm whose transactions make more requests, or more expensive kinds of requests, than those of both arms together does not
 * get more transactions for this: the cost of these requests shows.
 */
export function expectedTransactions(
  counted: Counted,
  { counter, arm: of }: { counter: string; arm: Arm },
  blocks: number,
): number[] | null {
  const reading = costReadingOf(counter);
  const { groups, costs, unknown } = counted.expected;
  if (reading === null || unknown.includes(counter)) return null;
  const stepCosts = costs.get(reading) ?? new Map<string, number>();
  const share = requestShare(counted, { reading, stepCosts }, blocks);
  if (share === null) return null;
  const perTransaction = share.perTransaction * share.excess[of];
  const works = Array.from({ length: blocks }, () => 0);
  for (const group of groups) {
    if (group.arm !== of || group.counter !== counter) continue;
    works[group.block] = (works[group.block] ?? 0) + group.work / perTransaction;
  }
  return works;
}

/**
 * requestShare is the expected work of one transaction over both arms, and the ratio (1.1: a tenth more) of the cost of an arm's
 * requests to the cost that its transactions would have at the mean of their scenarios. It counts whole transactions, so it does
 * not depend on the edges of blocks.
 */
function requestShare(
  { requests, transactions }: Counted,
  { reading, stepCosts }: { reading: string; stepCosts: ReadonlyMap<string, number> },
  blocks: number,
): { readonly perTransaction: number; readonly excess: Readonly<Record<Arm, number>> } | null {
  const scenarios = [...new Set(transactions.flatMap(({ scenario }) => (scenario === null ? [] : [scenario])))];
  const sums = { baseline: { made: 0, mean: 0, count: 0 }, candidate: { made: 0, mean: 0, count: 0 } };
  for (const scenario of scenarios) {
    const parts = ARMS.map((each) => ({
      arm: each,
      made: costOf(requests, { reading, stepCosts, arm: each, scenario }),
      count: total(countTransactions(transactions, { arm: each, scenario, as: "counted" }, blocks)),
    }));
    const count = total(parts.map((part) => part.count));
    if (count <= 0) continue;
    const mean = total(parts.map(({ made }) => made)) / count;
    for (const part of parts) {
      sums[part.arm].made += part.made;
      sums[part.arm].mean += mean * part.count;
      sums[part.arm].count += part.count;
    }
  }
  const { baseline, candidate } = sums;
  if (!(Math.min(baseline.made, candidate.made, baseline.mean, candidate.mean) > 0)) return null;
  return {
    perTransaction: (baseline.mean + candidate.mean) / (baseline.count + candidate.count),
    excess: { baseline: baseline.made / baseline.mean, candidate: candidate.made / candidate.mean },
  };
}

interface Requested {
  readonly reading: string;
  readonly stepCosts: ReadonlyMap<string, number>;
  readonly arm: Arm;
  readonly scenario: string;
}

function costOf(requests: readonly RequestGroup[], { reading, stepCosts, arm: of, scenario }: Requested): number {
  return total(
    requests
      .filter((group) => group.reading === reading && group.arm === of && group.scenario === scenario)
      .map((group) => group.requests * (stepCosts.get(group.step ?? "") ?? 0)),
  );
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
