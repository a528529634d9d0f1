import type { Indicator, Margin } from "../../domain/judgement/indicator.ts";

/**
 * margins are the default margins, each with its reason. The policy may override every one of them.
 *
 * The larger part of a margin counts: `absolute` allows changes that no shopper or clerk notices, and `relative` allows changes that
 * noise hides on a busy two-core machine.
 */
export const margins = {
  /**
   * Noise of SQL statements: almost none (45.00 per GET /shop in eight of eight runs on a shared machine). So the limit is half a
   * statement: one statement more per order is a regression. A cache that fills a little later is none, and neither is a row that
   * Odoo reads in two statements (reads-in-pieces.ts). The relative part is larger only above a thousand statements per transaction.
   * A scenario with more noise declares a margin of its own (`statementMargin` in src/domain/load/scenarios.ts).
   */
  statements: { relative: 0.0005, absolute: 0.5 },
  /** A step is one request or a few, so its statements have as little noise as those of the whole transaction. */
  stepStatements: { relative: 0.0005, absolute: 0.5 },
  /**
   * CPU-ms of Odoo per transaction, scaled by the expected cost of its requests. In five campaigns of 90 to 120 s of load between
   * releases of equal or nearly equal cost the standard error was .7 to 1.5 %, and .7 to 3.5 % after it was widened for
   * autocorrelation between blocks; the effects were -2.0 to +1.6 %. The first look requires 2.3 standard errors, so it decides
   * nineteen of twenty equal releases with a margin of 7 %. A policy may set 2 % and plan more minutes of load.
   */
  cpu: { relative: 0.07, absolute: 2 },
  /** CPU-ms of PostgreSQL backends: equally noisy (.8 to 1.9 %, widened 3.4 %), and in part found by sampling: it only informs. */
  postgresCpu: { relative: 0.05, absolute: 2 },
  /** Statements of the whole arm include cron jobs and session work: the relative part is larger than per scenario. */
  armStatements: { relative: 0.01, absolute: 1 },
  /** Rows depend on the data, which is equal in both arms at the start and grows equally. */
  rows: { relative: 0.02, absolute: 5 },
  /**
   * Buffer accesses depend on query plans and on how full pages are: a dropped index multiplies them, vacuum changes them by a few
   * per cent. In twenty quiet campaigns of equal releases they differed by -.5 to +.8 %, in twenty beside a noisy neighbour by -3.2
   * to +1.3 %, with upper limits up to 12 %. A quarter leaves room for a query whose two plans cost about the same.
   */
  blocks: { relative: 0.25, absolute: 50 },
  /** WAL includes full-page images after each checkpoint, and chance decides which arm writes them. */
  wal: { relative: 0.15, absolute: 4096 },
  /** Pages contain tokens and references of varying length. */
  responseBytes: { relative: 0.02, absolute: 512 },
  /**
   * Typical latency (geometric mean): 15 % is four standard errors of ln(candidate/baseline) in a quiet duet of 2 minutes in the lab
   * (.029 with 29 checkouts per arm, .040 with 59 orders). 30 ms is far below what people notice (100 ms).
   */
  latencyTypical: { relative: 0.15, absolute: 30 },
  /**
   * Median latency: 15 % is about three standard deviations of ln(candidate/baseline) in a quiet duet of 80 s (.049 to .084).
   * 30 ms is far below what people notice (100 ms).
   */
  latencyP50: { relative: 0.15, absolute: 30 },
  /** The p95 depends on a twentieth of the samples, so its margin is larger: 25 %, or 60 ms. */
  latencyP95: { relative: 0.25, absolute: 60 },
  latencyP99: { relative: 0.4, absolute: 120 },
  /** Python and SQL time of one request, from Odoo's log. Both are wall-clock times, so their noise is that of a latency. */
  requestTime: { relative: 0.15, absolute: 3 },
  /** Retried transactions, as a share of all: five percentage points; see retryMargin for short runs. */
  retries: { relative: 0, absolute: 0.05 },
  /** Failed transactions, as a share of all: two percentage points; see failureMargin for short runs. */
  failures: { relative: 0, absolute: 0.02 },
  /**
   * Age of a stock figure when the shop shows it, or of the orders of a till when Odoo has them. Most of it is the latency of a sync,
   * so its noise is that of a latency. The absolute part is larger, because outdated stock matters after seconds, not milliseconds.
   */
  freshness: { relative: 0.15, absolute: 250 },
  /**
   * Backlogs drift during a run, in both arms alike. A difference below a quarter, or below five waiting items, comes from the random
   * order of arrivals.
   */
  backlog: { relative: 0.25, absolute: 5 },
  /** Seconds. Odoo checks for scheduled jobs once a minute, so an age below a minute is normal. */
  waitingAge: { relative: 0.25, absolute: 60 },
  /** Minutes until a backlog is empty, by the trend of the last minute: a rough estimate. */
  drain: { relative: 0.5, absolute: 5 },
  /** Arrivals are scheduled, so throughput changes only when work is lost. */
  throughput: { relative: 0.05, absolute: 0 },
} as const satisfies Record<string, Margin>;

/**
 * enough is the least planned number of transactions per arm for a latency to gate: at this number nine of ten equal releases are
 * decided (margin >= 2.9 standard errors). With a standard deviation of log latencies of .25, n transactions give ln(ratio) of the
 * p95 a standard error of .75/sqrt(n). For the geometric mean it was .03 to .04 at 29 to 59 transactions of a quiet duet. Below these
 * numbers the latency informs and does not gate. The planned number counts, not the measured number.
 */
export const enough = { typical: 30, p95: 100 } as const;

/** fewest are the least observations per arm; with fewer an indicator is not judged. */
export const fewest = { work: 5, readings: 6, typical: 8, p50: 8, p95: 20, p99: 200, failures: 10, requests: 5 } as const;

/**
 * failureMargin is the margin of the failed share for a planned number of transactions per arm.
 *
 * Zero failures among n exclude a share above 3.7/n at 97.5 % (the error rate of the first look of a campaign), in each arm. So fewer
 * than 185 transactions cannot show a margin of two points, and the gate could never pass. A short run therefore has the tightest
 * margin that it can show, 5/(n + 5), and the verdict prints the margin. The margin depends on the planned number, never on the
 * result. From 245 transactions on it is two points, also for the failed share of all
 * services together.
 */
export function failureMargin(planned: number | null): Margin {
  if (planned === null) return margins.failures;
  return { relative: 0, absolute: Math.max(margins.failures.absolute, roundUp(5 / (planned + 5))) };
}

/**
 * retryMargin is the margin of the retried share for a planned number of transactions per arm.
 *
 * In the lab equal releases retried none to two of 100 transactions when several scenarios wrote at the same time. Two against five
 * of 100 leave a difference of up to 8.5 points open at 95 %, so a run of that length has the margin 12/(n + 12), the tightest margin
 * that it can show, as for failures. A retry costs half a second and repeats the work of its transaction; latency and failures show
 * both.
 */
export function retryMargin(planned: number | null): Margin {
  if (planned === null) return margins.retries;
  return { relative: 0, absolute: Math.max(margins.retries.absolute, roundUp(12 / (planned + 12))) };
}

/** roundUp rounds up to three decimals, because the margin is printed. */
function roundUp(share: number): number {
  return Math.ceil(1000 * share) / 1000;
}

/**
 * weights are the shares of alpha of the gates (Holm's weighted procedure), fixed with the catalogue and before any measurement.
 *
 * The critical value of a test grows only with the root of ln(1/alpha), so a tenth of the weight costs a gate about a fifth of its
 * sensitivity and leaves more of alpha for the other gates. Typical latency and CPU time have a weight of one: their noise is as large
 * as the changes that matter.
 */
export const weights = {
  /** A p95 depends on a twentieth of the values, and most causes of a slow tail also slow the typical transaction. */
  tail: 0.1,
  /** Equal releases run equal statements, so one statement more has a p-value of nearly zero, which is enough at any weight. */
  countedWork: 0.1,
  /** Failures that matter exceed the margin many times. Failed transactions have no latency, so no other gate shows them. */
  failures: 0.25,
  /** A retried transaction also costs latency and work, which other gates show. */
  retries: 0.1,
} as const;

/** weightOf is the weight of a gate: its share of alpha relative to the other gates. */
export function weightOf({ weight }: Indicator): number {
  return weight ?? 1;
}
