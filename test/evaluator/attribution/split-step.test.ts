import { describe, expect, test } from "vitest";

import type { AddedTime, Evaluation, TimePart } from "../../../src/domain/judgement/evaluation.ts";
import { defaultPolicy } from "../../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../../src/evaluator/evaluate.ts";
import { causedEvidence, type Planted } from "./caused-evidence.ts";

function judge(planted: Planted): Evaluation {
  return evaluate(causedEvidence(planted), defaultPolicy);
}

function timesOf(planted: Planted): readonly AddedTime[] {
  return judge(planted).addedTime ?? [];
}

function timeOf(planted: Planted, step = "order-import/confirm"): AddedTime | undefined {
  return timesOf(planted).find((time) => time.step === step);
}

function msOf(time: AddedTime | undefined, part: TimePart): number {
  return time?.parts.find((each) => each.part === part)?.addedMs ?? 0;
}

/** The arm's mean request has 34 ms of Python and uses 35.7 ms of CPU; with this share it does so when Python grows by `ms`. */
const sameCpu = (ms: number) => ({ cpuShare: (1.05 * 34) / (34 + ms) });

const PLANTED: readonly (Planted & { name: string; part: TimePart; layer: AddedTime["layer"]; ms: number })[] = [
  { name: "Python", confirm: { python: 60 }, part: "python", layer: "odoo", ms: 60 },
  {
    name: "more statements at the step's own price",
    confirm: { sql: 16.4, statements: 60 },
    addedStatements: 60,
    part: "more-statements",
    layer: "odoo",
    ms: 16.4,
  },
  { name: "slower statements", confirm: { sql: 60 }, part: "slower-statements", layer: "postgres", ms: 60 },
  {
    name: "lock waits, 15 ms a request of four steps",
    confirm: { sql: 60 },
    arm: { lockWait: 15 },
    part: "lock-waits",
    layer: "postgres",
    ms: 60,
  },
  { name: "disk I/O", confirm: { sql: 60 }, arm: { io: 16 }, part: "io", layer: "postgres", ms: 60 },
  { name: "conflicts", confirm: { retried: 25, retriedMs: 1500 }, part: "retries", layer: "postgres", ms: 344 },
  { name: "a queue", all: { queue: 40 }, part: "queue", layer: "odoo", ms: 40 },
  {
    name: "a queue behind the ingress, where the log tells no workers",
    all: { queue: 40 },
    both: { seesWorkers: false },
    part: "queue",
    layer: "odoo",
    ms: 40,
  },
  { name: "the ingress", all: { ingress: 30 }, part: "ingress", layer: "ingress", ms: 30 },
  { name: "late starts", confirm: { late: 50 }, part: "late-start", layer: "loader", ms: 50 },
  {
    name: "waiting in one step, without CPU time",
    confirm: { python: 60 },
    arm: sameCpu(15),
    part: "waiting",
    layer: "odoo",
    ms: 60,
  },
];

describe("splitStep", () => {
  test.each(PLANTED)("finds $name", ({ part, layer, ms, ...planted }) => {
    const time = timeOf(planted);
    expect(time).toMatchObject({ layer, scenario: "order-import", service: "order-import" });
    expect(msOf(time, part)).toBeGreaterThan(0.8 * ms);
    expect(msOf(time, part)).toBeLessThan(1.2 * ms);
    expect(time?.explained).toBeGreaterThan(0.8);
  });

  test.each(PLANTED)("with $name the parts add up to what the client felt", (planted) => {
    for (const { parts, addedMs, candidateMs, baselineMs } of timesOf(planted)) {
      expect(parts.reduce((sum, part) => sum + part.addedMs, 0)).toBeCloseTo(addedMs, 6);
      expect(candidateMs - baselineMs).toBeCloseTo(addedMs, 6);
    }
  });

  test("says that a share of the whole arm is one", () => {
    const parts = timeOf({ confirm: { sql: 60 }, arm: { lockWait: 15 } })?.parts ?? [];
    expect(parts.find(({ part }) => part === "lock-waits")?.known).toBe("arm");
    expect(parts.find(({ part }) => part === "python")?.known).toBe("step");
  });

  test("takes a wait that all steps share for the session store, where there is one", () => {
    const alike: Planted = { all: { python: 20 }, arm: sameCpu(20) };
    const redis = { redis: [{ arm: null, commandMs: 10, evictedKeys: 0, rejectedConnections: 0 }] };
    expect(timeOf({ ...alike, causes: redis }, "order-import/find")).toMatchObject({ layer: "redis" });
    expect(timeOf(alike, "order-import/find")).toMatchObject({ layer: "odoo" });
    expect(timeOf({ confirm: { python: 60 }, arm: sameCpu(15), causes: redis })).toMatchObject({ layer: "odoo" });
  });

  test("gives Redis what its own commands took longer, where each arm has one", () => {
    const use = (arm: "baseline" | "candidate", perRequest: number) => {
      const requests = 15 * 12 * 4;
      return { arm, commandMs: perRequest * requests, evictedKeys: 0, rejectedConnections: 0 };
    };
    const redis = [use("baseline", 1), use("candidate", 13)];
    const time = timeOf({ confirm: { python: 60 }, arm: sameCpu(15), causes: { redis } });
    expect(msOf(time, "redis")).toBeCloseTo(12, 6);
    expect(msOf(time, "waiting")).toBeGreaterThan(40);
  });

  test("does not blame a queue that follows from slower SQL", () => {
    const time = timeOf({ confirm: { sql: 60 }, all: { queue: 40 } }, "order-import/find");
    expect(msOf(time, "queue")).toBeCloseTo(40, 6);
    expect(time?.layer).toBe("postgres");
  });

  test("charges the statements that run more often with what PostgreSQL took for them, if that is more", () => {
    const evidence = causedEvidence({ confirm: { sql: 90, statements: 10 }, addedStatements: 10 });
    const dear = { arm: "candidate", statement: `SELECT 1 FROM "slow"`, calls: 1800, execMs: 14_400 } as const;
    const statements = [{ ...dear, rows: 0, blocks: 0, walBytes: 0 }];
    const { addedTime = [] } = evaluate({ ...evidence, statements }, defaultPolicy);
    const time = addedTime.find(({ step }) => step === "order-import/confirm");
    expect(msOf(time, "more-statements")).toBeCloseTo(80, 0);
  });
});

describe("cannot tell", () => {
  const blind = { seesIngress: false, seesWorkers: false };

  test("without readings of ingress and workers, time outside of Odoo stays unexplained", () => {
    const { attribution, addedTime = [], summary } = judge({ all: { ingress: 30 }, both: blind });
    expect(addedTime.map(({ layer }) => layer)).toEqual(addedTime.map(() => "cannot-tell"));
    expect(msOf(addedTime[0], "unexplained")).toBeCloseTo(30, 6);
    expect(attribution[0]?.text).toContain(
      "cannot tell where; the ingress's times of each arm's service, the worker of each request in Odoo's log would show more",
    );
    expect(attribution[0]?.addedMs).toBeNull();
    expect(summary).toContain("where most of the time goes is unknown");
  });

  test("without Odoo's log nothing is split", () => {
    const time = timeOf({ confirm: { python: 60 }, both: { hasLog: false } });
    expect(time).toMatchObject({ layer: "cannot-tell", explained: 0, missing: ["Odoo's log of these requests"] });
    expect(time?.parts.map(({ part }) => part)).toEqual(["unexplained"]);
  });

  test("less than half of the added time explains nothing", () => {
    const time = timeOf({ confirm: { python: 20, ingress: 60 }, both: blind });
    expect(time?.layer).toBe("cannot-tell");
    expect(time?.explained).toBeGreaterThan(0.2);
    expect(time?.explained).toBeLessThan(0.5);
  });
});

describe("which steps are split", () => {
  test("none where nothing regressed", () => {
    expect(timesOf({ latencyFactor: 1, confirm: { python: 60 } })).toEqual([]);
  });

  test("those of a slower transaction in which time was added, the heaviest first", () => {
    const times = timesOf({ confirm: { python: 60 }, all: { queue: 40 } });
    expect(times[0]?.step).toBe("order-import/confirm");
    expect(times).toHaveLength(3);
    expect(timesOf({ confirm: { python: 60 } }).map(({ step }) => step)).toEqual(["order-import/confirm"]);
  });

  test("a disturbed block is in no mean", () => {
    const evidence = causedEvidence({ confirm: { python: 60 } });
    const blocks = evidence.blocks.map((block) => (block.index === 3 ? { ...block, disturbance: "backup" } : block));
    const stepTimes = evidence.causes?.stepTimes.map((row) => (row.block === 3 ? { ...row, clientMs: 1e9 } : row)) ?? [];
    const causes = { armTimes: [], redis: [], outcomes: [], signals: [], stepTimes };
    const { addedTime = [] } = evaluate({ ...evidence, blocks, causes }, defaultPolicy);
    expect(addedTime[0]?.candidateMs).toBeLessThan(1000);
  });
});

describe("what is said", () => {
  test("one sentence of the summary says where the time of the heaviest step went", () => {
    expect(judge({ confirm: { python: 60 } }).summary).toMatch(
      /\. Order-import\/confirm takes \d+(\.\d)? ms longer \(\d+ → \d+ ms\): \d+(\.\d)? ms Python\.$/,
    );
  });

  test("slower SQL names the statement whose calls became slower", () => {
    const evidence = causedEvidence({ confirm: { sql: 60 } });
    const use = (arm: "baseline" | "candidate", statement: string, execMs: number) =>
      ({ arm, statement, calls: 180, execMs, rows: 180, blocks: 900, walBytes: 0 }) as const;
    const slow = `UPDATE "stock_quant" SET "quantity"=$n WHERE id IN (...)`;
    const statements = [
      use("baseline", slow, 90),
      use("candidate", slow, 9900),
      use("baseline", `SELECT 1 FROM "res_users"`, 20),
      use("candidate", `SELECT 1 FROM "res_users"`, 30),
    ];
    const { attribution, statements: changes = [] } = evaluate({ ...evidence, statements }, defaultPolicy);
    expect(attribution[0]).toMatchObject({ layer: "postgres", statement: slow, step: "order-import/confirm" });
    expect(attribution[0]?.text).toContain("(0.5 → 55 ms a call)");
    expect(changes[0]).toMatchObject({ statement: slow, tables: ["stock_quant"], calls: { baseline: 1, candidate: 1 } });
    expect(changes[0]?.execMs.candidate).toBeCloseTo(55, 6);
    expect(changes[0]?.blocks.candidate).toBeCloseTo(5, 6);
  });
});
