import { type Database, number, sqlText, text } from "../../bundle/files/database.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import { countTransactions, type RequestGroup, type TransactionGroup } from "./per-transaction.ts";

/** ExpectedWork is what the requests of Odoo's log lead one to expect of the counters of a whole arm, in the log's own units. */
export interface ExpectedWork {
  readonly groups: readonly WorkGroup[];
  /** Cost of one request, by reading and step. */
  readonly costs: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Counters of which an arm has no log: nothing is expected of them. */
  readonly unknown: readonly string[];
}

interface WorkGroup {
  readonly side: Arm;
  readonly counter: string;
  readonly block: number;
  readonly work: number;
}

/**
 * WEIGHTS says by which reading of a request a counter is expected to grow while it runs. Measured on the lab: CPU-ms of Odoo are
 * 1.04 to 1.08 times the Python time of the requests, second by second, with 30 ms left over where a second holds 0 to 700.
 */
const WEIGHTS: Readonly<Record<string, string>> = {
  odoo_cpu_ms: "request_python_ms",
  postgres_cpu_ms: "request_sql_ms",
  statements_total: "request_statements",
  rows_total: "request_statements",
  blocks_total: "request_statements",
  wal_bytes_total: "request_statements",
};

/** Longer than nearly all requests and pauses between looks, and short enough for few of either to be in one. */
const BUCKET_MS = 10_000;

/** weightOf is the reading that weighs requests for a counter; null where its growth is not laid to requests. */
export function weightOf(counter: string): string | null {
  return WEIGHTS[counter] ?? null;
}

/**
 * readExpectedWork adds up what each block's requests were expected to cost. Needs the tables `growth`, `requests`, `retried` and
 * `cold_requests`.
 *
 * A request is expected to cost the mean of its step over both arms, so that neither a slow arm nor a slow moment changes what is
 * expected; one that was run again costs as much each time. Its cost is spread over the time in which it ran, then added up
 * between the same two looks as the counter, and cut at the edges of the blocks as the counter is: what a cut gets wrong is then
 * wrong in both, and their ratio does not see it. Requests of no step are not expected, so that what they cost shows.
 *
 * Sums are taken in a fixed order: the rows of a join come in another order each time, and the last digits with them.
 */
export async function readExpectedWork(database: Database, counters: readonly string[]): Promise<ExpectedWork> {
  const weighed = counters.flatMap((counter) => {
    const weight = weightOf(counter);
    return weight === null ? [] : [`(${sqlText(counter)}, ${sqlText(weight)})`];
  });
  if (weighed.length === 0) return { groups: [], costs: new Map(), unknown: [] };
  await database.run(`create or replace temp table weights as select * from (values ${weighed.join(", ")}) w(counter, weight)`);
  // A retry waits, and a first use fills caches: neither is what a request of the step costs, unless there are no others.
  await database.run(`create or replace temp table step_costs as
    with usual as (
      select *, id not in (select id from retried union all select id from cold_requests) as is_usual from requests)
    select name, step, coalesce(avg(value order by id) filter (is_usual), avg(value order by id)) as cost from usual
    where step is not null and name in (select weight from weights) group by all order by all`);
  await loadExpected(database);
  return { groups: await readGroups(database), costs: await readCosts(database), unknown: await readUnknown(database) };
}

/**
 * loadExpected makes the table `expected` of the work between two looks at a counter. Requests and pairs of looks meet in buckets of
 * time, so that an hour is no more than sixty minutes of work; two that share several buckets meet in that of the later start.
 */
async function loadExpected(database: Database): Promise<void> {
  const buckets = (fromMs: string, toMs: string) =>
    `${bucketOf(fromMs)} as first_bucket, unnest(range(${bucketOf(fromMs)}, ${bucketOf(toMs)} + 1)) as bucket`;
  await database.run(`create or replace temp table look_buckets as
    with looks as (select distinct run, side, name, previous_ms, at_ms from growth where name in (select counter from weights))
    select l.*, w.weight, ${buckets("previous_ms", "at_ms")} from looks l join weights w on l.name = w.counter`);
  await database.run(`create or replace temp table part_buckets as
    with parts as (
      select q.id, q.run, q.side, q.name, q.start_ms, q.at_ms, c.cost * (1 + coalesce(r.times, 0)) as cost
      from requests q join step_costs c using (name, step) left join retried r using (id))
    select *, ${buckets("start_ms", "at_ms")} from parts`);
  await database.run(`create or replace temp table expected as
    select l.run, l.side, l.name, l.previous_ms, l.at_ms,
      sum(p.cost * (least(p.at_ms, l.at_ms) - greatest(p.start_ms, l.previous_ms)) / (p.at_ms - p.start_ms) order by p.id) as work
    from look_buckets l join part_buckets p
      on p.run = l.run and p.side = l.side and p.name = l.weight and p.bucket = l.bucket
    where p.at_ms > l.previous_ms and p.start_ms < l.at_ms and l.bucket = greatest(l.first_bucket, p.first_bucket)
    group by all`);
}

function bucketOf(moment: string): string {
  return `floor(${moment} / ${BUCKET_MS})::BIGINT`;
}

async function readGroups(database: Database): Promise<WorkGroup[]> {
  const rows = await database.rows(
    `select e.side, e.name as counter, b.block::DOUBLE as block,
      sum(e.work * (least(e.at_ms, b.to_ms) - greatest(e.previous_ms, b.from_ms)) / (e.at_ms - e.previous_ms)
        order by e.at_ms, e.run) as work
    from expected e join blocks b on e.run = b.run and e.at_ms > b.from_ms and e.previous_ms < b.to_ms
    group by e.side, e.name, b.block order by all`,
    { side: text, counter: text, block: number, work: number },
  );
  return rows.flatMap((row) => ARMS.filter((side) => side === row.side).map((side) => ({ ...row, side })));
}

async function readCosts(database: Database): Promise<Map<string, Map<string, number>>> {
  const rows = await database.rows(`select name, step, cost from step_costs order by all`, {
    name: text,
    step: text,
    cost: number,
  });
  const costs = new Map<string, Map<string, number>>();
  for (const { name, step, cost } of rows) costs.set(name, (costs.get(name) ?? new Map<string, number>()).set(step, cost));
  return costs;
}

async function readUnknown(database: Database): Promise<string[]> {
  const rows = await database.rows(
    `select distinct g.name from growth g join weights w on g.name = w.counter
      anti join requests q on q.run = g.run and q.side = g.side and q.name = w.weight and q.step is not null
    where g.side is not null order by all`,
    { name: text },
  );
  return rows.map(({ name }) => name);
}

interface Tables {
  readonly requests: readonly RequestGroup[];
  readonly transactions: readonly TransactionGroup[];
  readonly expected: ExpectedWork;
}

/**
 * weighedTransactions are the transactions of one arm by block, weighed by the work that their requests were expected to be: ten
 * of average cost, or twenty of half that. Which transactions a block holds, and where its edges cut them, is then no noise in what
 * a counter grew per transaction. Null where a log does not tell.
 *
 * An arm whose transactions make more requests, or dearer kinds of them, than those of both arms together gets no more
 * transactions for it: what they cost shows.
 */
export function weighedTransactions(tables: Tables, counter: string, side: Arm, blocks: number): number[] | null {
  const weight = weightOf(counter);
  const { groups, costs, unknown } = tables.expected;
  if (weight === null || unknown.includes(counter)) return null;
  const prices = costs.get(weight) ?? new Map<string, number>();
  const share = requestShare(tables, { weight, prices }, blocks);
  if (share === null) return null;
  const worth = share.perTransaction * share.excess[side];
  const works = Array.from({ length: blocks }, () => 0);
  for (const group of groups) {
    if (group.side === side && group.counter === counter) works[group.block] = (works[group.block] ?? 0) + group.work / worth;
  }
  return works;
}

/**
 * requestShare is the expected work of one transaction over both arms, and by how much more (1.1: a tenth) an arm's requests come
 * to than its transactions would make them at the mean of their scenarios. Whole transactions tell it, so no block's edge is in it.
 */
function requestShare(
  { requests, transactions }: Tables,
  { weight, prices }: { weight: string; prices: ReadonlyMap<string, number> },
  blocks: number,
): { readonly perTransaction: number; readonly excess: Readonly<Record<Arm, number>> } | null {
  const scenarios = [...new Set(transactions.flatMap(({ scenario }) => (scenario === null ? [] : [scenario])))];
  const sums = { baseline: { made: 0, mean: 0, count: 0 }, candidate: { made: 0, mean: 0, count: 0 } };
  for (const scenario of scenarios) {
    const parts = ARMS.map((side) => ({
      side,
      made: madeBy(requests, { weight, prices, side, scenario }),
      count: total(countTransactions(transactions, { side, scenario, as: "counted" }, blocks)),
    }));
    const count = total(parts.map((part) => part.count));
    if (count <= 0) continue;
    const mean = total(parts.map(({ made }) => made)) / count;
    for (const part of parts) {
      sums[part.side].made += part.made;
      sums[part.side].mean += mean * part.count;
      sums[part.side].count += part.count;
    }
  }
  const { baseline, candidate } = sums;
  if (!(Math.min(baseline.made, candidate.made, baseline.mean, candidate.mean) > 0)) return null;
  return {
    perTransaction: (baseline.mean + candidate.mean) / (baseline.count + candidate.count),
    excess: { baseline: baseline.made / baseline.mean, candidate: candidate.made / candidate.mean },
  };
}

interface Made {
  readonly weight: string;
  readonly prices: ReadonlyMap<string, number>;
  readonly side: Arm;
  readonly scenario: string;
}

function madeBy(requests: readonly RequestGroup[], { weight, prices, side, scenario }: Made): number {
  return total(
    requests
      .filter((group) => group.reading === weight && group.side === side && group.scenario === scenario)
      .map((group) => group.requests * (prices.get(group.step ?? "") ?? 0)),
  );
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
