import type { Indicator, Margin } from "../../domain/judgement/indicator.ts";

/**
 * margins are the default changes that matter, each with its reason. The policy may override every one of them.
 *
 * The larger part of a margin counts, so `absolute` forgives what no shopper or clerk can feel, and `relative` what a busy
 * two-core machine cannot tell from noise.
 */
export const margins = {
  /**
   * SQL statements hardly know noise (45.00 per GET /shop in eight of eight runs on a shared machine), so half a statement is
   * the limit: one statement more per order is a regression, and a cache that fills a little later is not. Nor is a row that is
   * read in two statements (reads-in-pieces.ts). The relative part takes over only above a thousand statements per transaction.
   * A scenario whose noise is larger declares a margin of its own (`statementMargin` in src/domain/load/scenarios.ts).
   */
  statements: { relative: 0.0005, absolute: 0.5 },
  /** A step is one request or a few, so its statements are as quiet as those of the whole transaction. */
  stepStatements: { relative: 0.0005, absolute: 0.5 },
  /**
   * Odoo's CPU-ms per transaction, weighed by what its requests were expected to cost: in five campaigns of 90 to 120 s of load
   * between releases of equal or nearly equal cost the standard error was .7 to 1.5 %, and .7 to 3.5 % after it was widened for
   * resemblance between blocks; the effects were -2.0 to +1.6 %. The first look asks for 2.3 standard errors, so 7 % is
   * what it decides for nineteen of twenty equal releases; a policy may ask for 2 % and bring more minutes.
   */
  cpu: { relative: 0.07, absolute: 2 },
  /** CPU-ms of PostgreSQL's backends: as noisy (.8 to 1.9 %, widened 3.4 %), and some of it is booked by sampling: it informs. */
  postgresCpu: { relative: 0.05, absolute: 2 },
  /** Statements of the whole arm carry cron jobs and session work with them: a looser relative part than per scenario. */
  armStatements: { relative: 0.01, absolute: 1 },
  /** Rows follow the data, which both arms share at the start and which grows alike. */
  rows: { relative: 0.02, absolute: 5 },
  /**
   * Buffer accesses depend on plans and on page fill: a dropped index multiplies them, vacuum moves them by some per cent. In twenty
   * quiet campaigns of equal releases they differed by -.5 to +.8 %, in twenty beside a neighbour by -3.2 to +1.3 %, with upper limits up
   * to 12 %. A quarter leaves room for a plan that flips at the edge of two.
   */
  blocks: { relative: 0.25, absolute: 50 },
  /** WAL holds full-page images after each checkpoint, which fall on an arm by chance. */
  wal: { relative: 0.15, absolute: 4096 },
  /** Pages carry tokens and references of changing length. */
  responseBytes: { relative: 0.02, absolute: 512 },
  /**
   * Typical latency (geometric mean): 15 % is four standard errors of ln(candidate/baseline) in 2 minutes of quiet duet on the lab
   * (.029 with 29 checkouts per arm, .040 with 59 orders); 30 ms is far below what people feel (100 ms).
   */
  latencyTypical: { relative: 0.15, absolute: 30 },
  /**
   * Median latency: 15 % is about three standard deviations of ln(candidate/baseline) in a quiet duet of 80 s (.049 to .084);
   * 30 ms is far below what people feel (100 ms).
   */
  latencyP50: { relative: 0.15, absolute: 30 },
  /** The tail rests on a twentieth of the samples, so it needs more room: 25 %, or 60 ms. */
  latencyP95: { relative: 0.25, absolute: 60 },
  latencyP99: { relative: 0.4, absolute: 120 },
  /** Python and SQL time of one request, from Odoo's own log; wall-clock time, so as noisy as latency. */
  requestTime: { relative: 0.15, absolute: 3 },
  /** Retried transactions, as a share of all: five percentage points; see retryMargin for short runs. */
  retries: { relative: 0, absolute: 0.05 },
  /** Failed transactions, as a share of all: two percentage points; see failureMargin for short runs. */
  failures: { relative: 0, absolute: 0.02 },
  /**
   * Age of a stock figure when the shop shows it, or of a till's orders when Odoo has them: a sync and little more, so as noisy as
   * a latency. A shopper who buys what is not there was misled for seconds, not for milliseconds, hence the larger absolute part.
   */
  freshness: { relative: 0.15, absolute: 250 },
  /**
   * Backlogs drift through a run, and both arms drift alike: what differs by less than a quarter, or by five things that wait, is
   * the order in which the load happened to arrive.
   */
  backlog: { relative: 0.25, absolute: 5 },
  /** Odoo looks for scheduled jobs once a minute, so an age below that says nothing. Seconds. */
  waitingAge: { relative: 0.25, absolute: 60 },
  /** Minutes until a backlog is gone, by the trend of the last minute: a rough figure. */
  drain: { relative: 0.5, absolute: 5 },
  /** Arrivals are scheduled, so throughput moves only when work is lost. */
  throughput: { relative: 0.05, absolute: 0 },
} as const satisfies Record<string, Margin>;

/**
 * enough is the planned number of transactions per arm from which a latency can gate at all: from there on nine of ten equal
 * releases are decided (margin >= 2.9 standard errors). With log latencies that spread .25, n transactions give ln(ratio) of the
 * p95 a standard error of .75/sqrt(n). Of the geometric mean it was .03 to .04 at 29 to 59 transactions of a quiet duet. Below
 * these numbers the latency informs and does not gate.
 * The plan decides, never the result.
 */
export const enough = { typical: 30, p95: 100 } as const;

/** fewest are the observations per arm below which nothing at all is said about an indicator. */
export const fewest = { work: 5, looks: 6, typical: 8, p50: 8, p95: 20, p99: 200, failures: 10, requests: 5 } as const;

/**
 * failureMargin is the margin of the failed share for a planned number of transactions per arm.
 *
 * Zero failures among n exclude a share above 3.7/n at 97.5 % (what the first look of a campaign may spend), in each arm, so two
 * points cannot be shown by fewer than 185 transactions, and a gate that can never pass is as useless as one that always does. A
 * short run is therefore held to the tightest limit that it could show, 5/(n + 5), and the limit is printed with the verdict. It
 * follows the plan, never the result. The failed share of all services together stays at two points from 245 transactions on.
 */
export function failureMargin(planned: number | null): Margin {
  if (planned === null) return margins.failures;
  return { relative: 0, absolute: Math.max(margins.failures.absolute, roundUp(5 / (planned + 5))) };
}

/**
 * retryMargin is the margin of the retried share for a planned number of transactions per arm.
 *
 * On the lab equal releases retried none to two of 100 transactions, where several scenarios write at the same moment. Two
 * against five of 100 leave a difference of up to 8.5 points open at 95 %, so a run of that length is held to 12/(n + 12), as for
 * failures: the tightest limit that it could show. A retry costs half a second and the work of its transaction once more, which
 * latency and failures are judged for too.
 */
export function retryMargin(planned: number | null): Margin {
  if (planned === null) return margins.retries;
  return { relative: 0, absolute: Math.max(margins.retries.absolute, roundUp(12 / (planned + 12))) };
}

/** A limit that is printed has three decimals. */
function roundUp(share: number): number {
  return Math.ceil(1000 * share) / 1000;
}

/**
 * weights are how the gates share alpha, fixed with the catalogue and before any measurement (Holm's weighted procedure).
 *
 * What a test asks for grows only with the root of ln(1/alpha), so a tenth of the weight costs a gate about a fifth of its reach and
 * pays for all the others. Typical latency and CPU time, whose noise is as large as the changes that matter, keep the weight of one.
 */
export const weights = {
  /** A tail rests on a twentieth of the values, and most of what slows it down slows the typical transaction down as well. */
  tail: 0.1,
  /** Equal releases run equal statements, so that one statement more has a p-value of nearly zero at any weight. */
  countedWork: 0.1,
  /** Failures that matter are many times the margin, and what fails is not slow: no other gate would see them. */
  failures: 0.25,
  /** A retried transaction costs latency and work besides. */
  retries: 0.1,
} as const;

/** weightOf is the weight of a gate among the others. */
export function weightOf({ weight }: Indicator): number {
  return weight ?? 1;
}
