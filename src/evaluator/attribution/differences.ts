import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { ArmTime, StepTime } from "../../domain/judgement/causes.ts";
import type { Block, Evidence } from "../../domain/judgement/evidence.ts";
import type { Service } from "../../domain/service.ts";
import { batchVariance } from "../../statistics/spread.ts";
import type { RatioEntry } from "../effects/estimate.ts";

/** StepDifferences are the times of one step in both arms, in ms per request. */
export interface StepDifferences {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  /** Successful requests in undisturbed blocks. */
  readonly requests: PerArm<number>;
  readonly client: MeanDifference;
  readonly late: MeanDifference;
  /** Null where the log of an arm has no requests of the step. */
  readonly log: LogDifferences | null;
  /** Wait for a worker; null where it is not known. */
  readonly queue: MeanDifference | null;
}

/** LogDifferences are the means per request of a step in Odoo's log. */
export interface LogDifferences {
  readonly python: MeanDifference;
  readonly sql: MeanDifference;
  readonly statements: MeanDifference;
  /** Time that repeated requests added, per request. */
  readonly retries: MeanDifference;
}

/** stepDifferences compares the times of each step that both arms ran, in the undisturbed blocks. */
export function stepDifferences(evidence: Evidence): StepDifferences[] {
  const steps = new Map<string, StepTime[]>();
  for (const row of evidence.causes?.stepTimes ?? []) {
    const key = `${row.scenario}\n${row.step}`;
    steps.set(key, [...(steps.get(key) ?? []), row]);
  }
  return [...steps.values()].flatMap((rows) => {
    const found = compareStep(byArmAndBlock(rows, evidence.blocks));
    return found === null ? [] : [found];
  });
}

function compareStep(rows: PlacedRows<StepTime>): StepDifferences | null {
  const first = rows.first;
  const client = compareSteps(rows, ({ clientMs, requests }) => [clientMs, requests]);
  const late = compareSteps(rows, ({ lateMs, requests }) => [lateMs, requests]);
  if (first === null || client === null || late === null) return null;
  const count = (arm: Arm) => rows.entries[arm].reduce((sum, row) => sum + (row?.requests ?? 0), 0);
  return {
    step: first.step,
    scenario: first.scenario,
    service: first.service,
    requests: { baseline: count("baseline"), candidate: count("candidate") },
    client,
    late,
    log: compareLogs(rows),
    queue: compareSteps(rows, ({ queueMs, queueKnown }) => [queueMs, queueKnown]),
  };
}

function compareLogs(rows: PlacedRows<StepTime>): LogDifferences | null {
  const python = compareSteps(rows, ({ pythonMs, logged }) => [pythonMs, logged]);
  const sql = compareSteps(rows, ({ sqlMs, logged }) => [sqlMs, logged]);
  const statements = compareSteps(rows, (row) => [row.statements, row.logged]);
  if (python === null || sql === null || statements === null) return null;
  // Without the conflict a repeated request would have taken as long as the other requests; the rest of its time is its cost.
  const usual = { baseline: python.baseline + sql.baseline, candidate: python.candidate + sql.candidate };
  const retries = compareSteps(rows, ({ arm, logged, retried, retriedMs }) => [
    retriedMs - retried * usual[arm],
    logged + retried,
  ]);
  return retries === null ? null : { python, sql, statements, retries };
}

/** compareSteps compares a mean of one step; a block in which an arm has no row adds nothing to its mean. */
function compareSteps(rows: PlacedRows<StepTime>, read: (row: StepTime) => Mean): MeanDifference | null {
  return compareRows(rows, (row) => (row === null ? [0, 0] : read(row)));
}

/** ArmDifferences are times of whole arms, in ms per request of any step; null where a reading is missing. */
export interface ArmDifferences {
  /** Time in Odoo by its log: Python and SQL. */
  readonly busy: MeanDifference | null;
  readonly python: MeanDifference | null;
  readonly sql: MeanDifference | null;
  /** CPU time of Odoo's processes. */
  readonly cpu: MeanDifference | null;
  /** Python time minus CPU time: waiting for something other than SQL, or for a CPU. */
  readonly idle: MeanDifference | null;
  /** Time outside of the wait of the ingress for Odoo: before it forwarded the request and after it had the answer. */
  readonly ingress: MeanDifference | null;
  /** Time between the ingress and the clock of Odoo's log. */
  readonly behindIngress: MeanDifference | null;
  readonly lockWaits: MeanDifference | null;
  readonly io: MeanDifference | null;
}

/** armDifferences compares whole arms, in the undisturbed blocks. */
export function armDifferences(evidence: Evidence): ArmDifferences {
  const rows = byArmAndBlock(evidence.causes?.armTimes ?? [], evidence.blocks);
  const logged = (value: (row: ArmTime) => number | null) => compareArms(rows, (row) => meanOf(value(row), row.logged));
  const python = logged(({ pythonMs }) => pythonMs);
  return {
    busy: logged(({ pythonMs, sqlMs }) => pythonMs + sqlMs),
    python,
    sql: logged(({ sqlMs }) => sqlMs),
    cpu: logged(({ odooCpuMs }) => odooCpuMs),
    idle: logged(({ pythonMs, odooCpuMs }) => (odooCpuMs === null ? null : pythonMs - odooCpuMs)),
    ingress: ingressOf(rows),
    behindIngress: behindIngressOf(rows),
    lockWaits: logged(({ lockWaitMs }) => lockWaitMs),
    io: logged(({ ioMs }) => ioMs),
  };
}

/**
 * ingressOf compares the time of the client minus the time for which the ingress waited for Odoo. Client and ingress count the same
 * requests apart from those at the edge of a block, so each time is a mean over its own count.
 */
function ingressOf(rows: PlacedRows<ArmTime>): MeanDifference | null {
  return compareArms(rows, (row) => {
    const service = serviceMean(row);
    return meanOf(service === null ? null : row.clientMs - service * row.requests, row.requests);
  });
}

function behindIngressOf(rows: PlacedRows<ArmTime>): MeanDifference | null {
  return compareArms(rows, (row) => {
    const service = serviceMean(row);
    return meanOf(service === null ? null : service * row.logged - row.pythonMs - row.sqlMs, row.logged);
  });
}

/** serviceMean is the mean time in ms for which the ingress waited for Odoo; null where it was not measured. */
function serviceMean({ serviceMs, serviceRequests }: ArmTime): number | null {
  return serviceMs === null || serviceRequests === null || serviceRequests <= 0 ? null : serviceMs / serviceRequests;
}

function meanOf(sum: number | null, count: number): Mean | null {
  return sum === null ? null : [sum, count];
}

/** compareArms compares a mean of whole arms; a block in which a reading of either arm is missing is left out in both. */
function compareArms(rows: PlacedRows<ArmTime>, read: (row: ArmTime) => Mean | null): MeanDifference | null {
  return compareRows(rows, (row) => (row === null ? null : read(row)));
}

/** Mean is a sum and the number of requests that it is taken over. */
type Mean = readonly [sum: number, count: number];

/** compareRows compares a pooled mean; where `read` gives null for either arm, the block is left out in both. */
function compareRows<Row>({ entries }: PlacedRows<Row>, read: (row: Row | null) => Mean | null): MeanDifference | null {
  const blocks: PerArm<RatioEntry[]> = { baseline: [], candidate: [] };
  for (const [index, row] of entries.baseline.entries()) {
    const [baseline, candidate] = [read(row), read(entries.candidate[index] ?? null)];
    if (baseline === null || candidate === null) continue;
    blocks.baseline.push({ numerator: baseline[0], denominator: baseline[1] });
    blocks.candidate.push({ numerator: candidate[0], denominator: candidate[1] });
  }
  return meanDifference(blocks);
}

/** MeanDifference is the difference of a mean between the arms, in the unit of the mean, so that parts add up to the whole. */
export interface MeanDifference {
  readonly baseline: number;
  readonly candidate: number;
  readonly added: number;
  /** One standard error of `added`, from blocks, without a correction for autocorrelation: it decides no verdict. */
  readonly standardError: number;
}

/** standsOut says whether a difference is harmful and larger than twice its standard error. */
export function standsOut({ added, standardError }: Pick<MeanDifference, "added" | "standardError">): boolean {
  return added > 0 && added > 2 * standardError;
}

/**
 * meanDifference compares two pooled means, sum over sum. The contribution of a block is the first-order influence of its sums on the
 * difference (the delta method for a ratio of sums). Null where the count of an arm is zero.
 */
function meanDifference(blocks: PerArm<readonly RatioEntry[]>): MeanDifference | null {
  const total = (arm: Arm, part: keyof RatioEntry) => blocks[arm].reduce((sum, entry) => sum + entry[part], 0);
  const [below, above] = ARMS.map((arm) => total(arm, "denominator"));
  if (below === undefined || above === undefined || !(below > 0 && above > 0)) return null;
  const baseline = total("baseline", "numerator") / below;
  const candidate = total("candidate", "numerator") / above;
  const pull = (entry: RatioEntry | undefined, mean: number, whole: number) =>
    ((entry?.numerator ?? 0) - mean * (entry?.denominator ?? 0)) / whole;
  const contributions = Array.from(
    { length: Math.max(blocks.baseline.length, blocks.candidate.length) },
    (_, index) => pull(blocks.candidate[index], candidate, above) - pull(blocks.baseline[index], baseline, below),
  );
  const variance = contributions.length < 2 ? Infinity : batchVariance(contributions, contributions.length);
  return { baseline, candidate, added: candidate - baseline, standardError: Math.sqrt(variance) };
}

/** PlacedRows are rows of both arms, one entry for each undisturbed block; null where an arm has no row for the block. */
interface PlacedRows<Row> {
  readonly first: Row | null;
  readonly entries: PerArm<readonly (Row | null)[]>;
}

/** byArmAndBlock sorts rows by arm and block and leaves out disturbed blocks, which show little about where time goes. */
function byArmAndBlock<Row extends { readonly arm: Arm; readonly block: number }>(
  rows: readonly Row[],
  blocks: readonly Block[],
): PlacedRows<Row> {
  const places = new Map(rows.map((row) => [`${row.arm} ${row.block}`, row]));
  const usable = blocks.flatMap(({ disturbance }, block) => (disturbance === null ? [block] : []));
  const entries = (arm: Arm) => usable.map((block) => places.get(`${arm} ${block}`) ?? null);
  return { first: rows[0] ?? null, entries: { baseline: entries("baseline"), candidate: entries("candidate") } };
}
