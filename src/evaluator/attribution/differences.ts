import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { ArmTime, StepTime } from "../../domain/judgement/causes.ts";
import type { Block, Evidence } from "../../domain/judgement/evidence.ts";
import type { Service } from "../../domain/service.ts";
import { batchVariance } from "../../statistics/spread.ts";
import type { RatioEntry } from "../effects/estimate.ts";

/** StepDifferences are the times of one step in both arms, in ms per request, where they could be measured. */
export interface StepDifferences {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  /** Good requests in undisturbed blocks. */
  readonly requests: PerArm<number>;
  readonly client: MeanDifference;
  readonly late: MeanDifference;
  /** Null where an arm's log tells nothing of the step. */
  readonly log: LogDifferences | null;
  /** Wait for a worker; null where it is not known. */
  readonly queue: MeanDifference | null;
}

/** LogDifferences are what Odoo's log says of the requests of a step. */
export interface LogDifferences {
  readonly python: MeanDifference;
  readonly sql: MeanDifference;
  readonly statements: MeanDifference;
  /** By how much requests took longer because some of them were run again. */
  readonly retries: MeanDifference;
}

/** stepDifferences compares the times of each step that both arms made, in the blocks that nothing disturbed. */
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
  const client = compare(rows, ({ clientMs, requests }) => [clientMs, requests]);
  const late = compare(rows, ({ lateMs, requests }) => [lateMs, requests]);
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
    queue: compare(rows, ({ queueMs, queueKnown }) => [queueMs, queueKnown]),
  };
}

function compareLogs(rows: PlacedRows<StepTime>): LogDifferences | null {
  const python = compare(rows, ({ pythonMs, logged }) => [pythonMs, logged]);
  const sql = compare(rows, ({ sqlMs, logged }) => [sqlMs, logged]);
  const statements = compare(rows, (row) => [row.statements, row.logged]);
  if (python === null || sql === null || statements === null) return null;
  // A request that was run again would have taken what the others took; the rest of its time is what the conflict cost.
  const usual = { baseline: python.baseline + sql.baseline, candidate: python.candidate + sql.candidate };
  const retries = compare(rows, ({ arm, logged, retried, retriedMs }) => [retriedMs - retried * usual[arm], logged + retried]);
  return retries === null ? null : { python, sql, statements, retries };
}

type Read = (row: StepTime) => readonly [sum: number, count: number];

function compare({ entries }: PlacedRows<StepTime>, read: Read): MeanDifference | null {
  const ratios = (arm: Arm): RatioEntry[] =>
    entries[arm].map((row) => {
      const [numerator, denominator] = row === null ? [0, 0] : read(row);
      return { numerator, denominator };
    });
  return meanDifference({ baseline: ratios("baseline"), candidate: ratios("candidate") });
}

/** ArmDifferences are times of whole arms, in ms per request of any step; null where a reading is missing. */
export interface ArmDifferences {
  /** Time in Odoo as its log has it: Python and SQL. */
  readonly busy: MeanDifference | null;
  readonly python: MeanDifference | null;
  readonly sql: MeanDifference | null;
  /** CPU time of Odoo's processes. */
  readonly cpu: MeanDifference | null;
  /** Python time beyond CPU time: waiting for something that is not SQL, or for a CPU. */
  readonly idle: MeanDifference | null;
  /** Before the ingress handed requests on, and after it had the answers. */
  readonly ingress: MeanDifference | null;
  /** Between the ingress and Odoo's own clock. */
  readonly behindIngress: MeanDifference | null;
  readonly lockWaits: MeanDifference | null;
  readonly io: MeanDifference | null;
}

/** armDifferences compares whole arms, in the blocks that nothing disturbed. */
export function armDifferences(evidence: Evidence): ArmDifferences {
  const rows = byArmAndBlock(evidence.causes?.armTimes ?? [], evidence.blocks);
  const logged = (value: (row: ArmTime) => number | null) => compareArms(rows, (row) => [value(row), row.logged]);
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

/** Both clocks count the same requests, but for those on an edge; each is a mean over its own count. */
function ingressOf(rows: PlacedRows<ArmTime>): MeanDifference | null {
  return compareArms(rows, ({ requests, clientMs, serviceRequests, serviceMs }) =>
    serviceMs === null || !((serviceRequests ?? 0) > 0)
      ? [null, 0]
      : [clientMs - (serviceMs / (serviceRequests ?? 1)) * requests, requests],
  );
}

function behindIngressOf(rows: PlacedRows<ArmTime>): MeanDifference | null {
  return compareArms(rows, ({ logged, pythonMs, sqlMs, serviceRequests, serviceMs }) =>
    serviceMs === null || !((serviceRequests ?? 0) > 0)
      ? [null, 0]
      : [(serviceMs / (serviceRequests ?? 1)) * logged - pythonMs - sqlMs, logged],
  );
}

type ReadArm = (row: ArmTime) => readonly [sum: number | null, count: number];

/** A block in which either arm's reading is missing is left out in both. */
function compareArms({ entries }: PlacedRows<ArmTime>, read: ReadArm): MeanDifference | null {
  const ratios = (arm: Arm): (RatioEntry | null)[] =>
    entries[arm].map((row) => {
      const [numerator, denominator] = row === null ? [null, 0] : read(row);
      return numerator === null ? null : { numerator, denominator };
    });
  const [baseline, candidate] = [ratios("baseline"), ratios("candidate")];
  const whole = baseline.flatMap((left, index) => {
    const right = candidate[index] ?? null;
    return left === null || right === null ? [] : [{ left, right }];
  });
  return meanDifference({ baseline: whole.map(({ left }) => left), candidate: whole.map(({ right }) => right) });
}

/** MeanDifference is how much more a mean is in the candidate, in its own unit, so that parts add up to the whole. */
export interface MeanDifference {
  readonly baseline: number;
  readonly candidate: number;
  readonly added: number;
  /** One standard error of `added`, from blocks; it decides nothing, so neighbouring blocks may resemble each other. */
  readonly standardError: number;
}

/** standsOut says whether a difference is more than twice its noise, in the harmful direction. */
export function standsOut({ added, standardError }: Pick<MeanDifference, "added" | "standardError">): boolean {
  return added > 0 && added > 2 * standardError;
}

/**
 * meanDifference compares two pooled means, sum over sum. A block's contribution is the first-order influence of its sums on the
 * difference (the delta method for a ratio of sums). Null where an arm has nothing to divide by.
 */
export function meanDifference(blocks: PerArm<readonly RatioEntry[]>): MeanDifference | null {
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

/** PlacedRows are rows of both arms, one entry for each undisturbed block; null where an arm has none there. */
export interface PlacedRows<Row> {
  readonly first: Row | null;
  readonly entries: PerArm<readonly (Row | null)[]>;
}

/** byArmAndBlock puts rows into their places. A request that fell into a disturbed block says little about where time goes. */
export function byArmAndBlock<Row extends { readonly arm: Arm; readonly block: number }>(
  rows: readonly Row[],
  blocks: readonly Block[],
): PlacedRows<Row> {
  const places = new Map(rows.map((row) => [`${row.arm} ${row.block}`, row]));
  const usable = blocks.flatMap(({ disturbance }, block) => (disturbance === null ? [block] : []));
  const entries = (arm: Arm) => usable.map((block) => places.get(`${arm} ${block}`) ?? null);
  return { first: rows[0] ?? null, entries: { baseline: entries("baseline"), candidate: entries("candidate") } };
}
