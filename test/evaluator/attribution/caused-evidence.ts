import { type Arm, ARMS } from "../../../src/domain/arm.ts";
import type { ArmTime, CauseEvidence, StepTime } from "../../../src/domain/judgement/causes.ts";
import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import { seededRandom, standardNormal } from "../../../src/statistics/random.ts";
import { syntheticEvidence } from "../synthetic-evidence.ts";

/** StepCost is what one request of a step costs, in ms, and its statements. */
interface StepCost {
  readonly python: number;
  readonly sql: number;
  readonly statements: number;
  /** Outside of Odoo: ingress and network, and waiting for a worker. */
  readonly ingress: number;
  readonly queue: number;
  readonly late: number;
  /** Of 100 requests, those that were run again, and what each of them took in all. */
  readonly retried: number;
  readonly retriedMs: number;
}

/** ArmCost is what one request of any step costs in readings of the whole arm; null: not read. */
interface ArmCost {
  readonly cpuShare: number | null;
  readonly lockWait: number | null;
  readonly io: number | null;
  readonly seesIngress: boolean;
  readonly seesWorkers: boolean;
  readonly hasLog: boolean;
}

const STEPS: Readonly<Record<string, Partial<StepCost>>> = {
  "order-import/find": { python: 4, sql: 1, statements: 2 },
  "order-import/create": { python: 59, sql: 47, statements: 143 },
  "order-import/confirm": { python: 69, sql: 56, statements: 205 },
  "order-import/check": { python: 4, sql: 1, statements: 4 },
};

const USUAL: StepCost = { python: 0, sql: 0, statements: 0, ingress: 3, queue: 1, late: 0, retried: 0, retriedMs: 0 };
const READ: ArmCost = { cpuShare: 1.05, lockWait: 0, io: 1, seesIngress: true, seesWorkers: true, hasLog: true };

/** Planted is what the candidate does differently: `all` in every step, `confirm` in order confirmation alone. */
export interface Planted {
  readonly seed?: number;
  /** Twice the latency unless said otherwise, so that the transaction regresses. */
  readonly latencyFactor?: number;
  readonly addedStatements?: number;
  readonly failedShare?: number;
  readonly all?: Partial<StepCost>;
  readonly confirm?: Partial<StepCost>;
  readonly arm?: Partial<ArmCost>;
  readonly both?: Partial<ArmCost>;
  readonly causes?: Partial<CauseEvidence>;
}

const PER_BLOCK = 12;

/** causedEvidence is a campaign of order imports with all that causes are read from; noise of a tenth on every block's time. */
export function causedEvidence(planted: Planted): Evidence {
  const { seed = 5, latencyFactor = 2, addedStatements = 0, failedShare = 0 } = planted;
  const evidence = syntheticEvidence({ seed, candidate: { latencyFactor, addedStatements, failedShare } });
  const random = seededRandom(seed + 1);
  const stepTimes = evidence.blocks.flatMap(({ index }) => {
    const slow = Math.exp(0.1 * standardNormal(random));
    return ARMS.flatMap((arm) => {
      const own = slow * Math.exp(0.02 * standardNormal(random));
      return Object.keys(STEPS).map((step) => stepTime(step, { arm, block: index, slow: own, planted }));
    });
  });
  const armTimes = evidence.blocks.flatMap(({ index }) =>
    ARMS.map((arm) =>
      armTime(
        stepTimes.filter((row) => row.arm === arm && row.block === index),
        planted,
      ),
    ),
  );
  return { ...evidence, causes: { stepTimes, armTimes, redis: [], outcomes: [], signals: [], ...planted.causes } };
}

function stepCost(step: string, arm: Arm, { all, confirm }: Planted): StepCost {
  const cost = { ...USUAL, ...STEPS[step] };
  const extra = arm === "candidate" ? [all, step === "order-import/confirm" ? confirm : undefined] : [];
  return extra.reduce<StepCost>((sum, more) => add(sum, more ?? {}), cost);
}

function add(cost: StepCost, more: Partial<StepCost>): StepCost {
  const { python = 0, sql = 0, statements = 0, ingress = 0, queue = 0, late = 0, retried = 0, retriedMs = 0 } = more;
  return {
    python: cost.python + python,
    sql: cost.sql + sql,
    statements: cost.statements + statements,
    ingress: cost.ingress + ingress,
    queue: cost.queue + queue,
    late: cost.late + late,
    retried: cost.retried + retried,
    retriedMs: cost.retriedMs + retriedMs,
  };
}

function armCost(arm: Arm, planted: Planted): ArmCost {
  return { ...READ, ...planted.both, ...(arm === "candidate" ? planted.arm : {}) };
}

function stepTime(step: string, at: { arm: Arm; block: number; slow: number; planted: Planted }): StepTime {
  const { arm, block, slow, planted } = at;
  const cost = stepCost(step, arm, planted);
  const { hasLog, seesWorkers } = armCost(arm, planted);
  const again = (cost.retried / 100) * PER_BLOCK;
  const logged = PER_BLOCK - again;
  const [pythonMs, sqlMs] = [cost.python * slow * logged, cost.sql * slow * logged];
  const outside = cost.ingress + cost.queue + cost.late;
  return {
    step,
    scenario: "order-import",
    service: "order-import",
    arm,
    block,
    requests: PER_BLOCK,
    clientMs: pythonMs + sqlMs + again * cost.retriedMs + outside * PER_BLOCK,
    lateMs: cost.late * PER_BLOCK,
    logged: hasLog ? logged : 0,
    pythonMs: hasLog ? pythonMs : 0,
    sqlMs: hasLog ? sqlMs : 0,
    statements: hasLog ? cost.statements * logged : 0,
    retried: hasLog ? again : 0,
    retriedMs: hasLog ? again * cost.retriedMs : 0,
    queueKnown: hasLog && seesWorkers ? PER_BLOCK : 0,
    queueMs: hasLog && seesWorkers ? cost.queue * PER_BLOCK : 0,
  };
}

function armTime(steps: readonly StepTime[], planted: Planted): ArmTime {
  const [first] = steps;
  const arm = first?.arm ?? "baseline";
  const cost = armCost(arm, planted);
  const sum = (read: (row: StepTime) => number) => steps.reduce((total, row) => total + read(row), 0);
  const requests = sum((row) => row.requests);
  const clientMs = sum((row) => row.clientMs - row.lateMs);
  const pythonMs = sum((row) => row.pythonMs);
  const ingressMs = sum((row) => stepCost(row.step, arm, planted).ingress * row.requests);
  const times = (value: number | null) => (value === null ? null : value * requests);
  return {
    arm,
    block: first?.block ?? 0,
    requests,
    clientMs,
    pythonMs,
    logged: sum((row) => row.logged + row.retried),
    sqlMs: sum((row) => row.sqlMs + row.retriedMs),
    serviceRequests: cost.seesIngress ? requests : null,
    serviceMs: cost.seesIngress ? clientMs - ingressMs : null,
    odooCpuMs: cost.cpuShare === null ? null : cost.cpuShare * pythonMs,
    lockWaitMs: times(cost.lockWait),
    ioMs: times(cost.io),
  };
}
