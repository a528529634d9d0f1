import { describe, expect, test } from "vitest";

import type { CauseEvidence, StepOutcome } from "../../../src/domain/judgement/causes.ts";
import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../../src/evaluator/evaluate.ts";
import { causedEvidence } from "./caused-evidence.ts";

function outcome(arm: "baseline" | "candidate", name: string, count: number): StepOutcome {
  return { step: "order-import/confirm", scenario: "order-import", service: "order-import", arm, outcome: name, count };
}

/** failing is a release that fails a fifth of its orders in confirmation, all in one way. */
function failing(origin: string, causes: Partial<CauseEvidence> = {}): Evidence {
  const outcomes = [
    outcome("baseline", "ok", 180),
    outcome("candidate", "ok", 144),
    outcome("candidate", origin, 36),
    outcome("baseline", "script", 1),
  ];
  return causedEvidence({ latencyFactor: 1, failedShare: 0.2, causes: { outcomes, ...causes } });
}

describe("errors", () => {
  test.each([
    { origin: "ingress", layer: "ingress", words: "from the ingress" },
    { origin: "foreign", layer: "ingress", words: "an answer that is not Odoo's" },
    { origin: "application", layer: "odoo", words: "an error of Odoo" },
    { origin: "session", layer: "odoo", words: "the session was lost" },
    { origin: "conflict", layer: "postgres", words: "a conflict with another transaction" },
    { origin: "script", layer: "loader", words: "the load script did not understand the answer" },
  ])("of origin $origin are of layer $layer", ({ origin, layer, words }) => {
    const { attribution, errors = [], summary } = evaluate(failing(origin), defaultPolicy);
    expect(attribution[0]).toMatchObject({ layer, step: "order-import/confirm" });
    expect(attribution[0]?.text).toContain("order-import/confirm: 36 of 180 requests failed (baseline");
    expect(attribution[0]?.text).toContain(words);
    expect(errors[0]).toMatchObject({ outcome: origin, layer, requests: { baseline: 181, candidate: 180 } });
    expect(summary).toContain("36 of 180 requests failed");
  });

  test("a worker that Odoo killed is no fault of the ingress", () => {
    const evidence = failing("ingress", { signals: [{ arm: "candidate", signal: "worker_kills", count: 3 }] });
    expect(evaluate(evidence, defaultPolicy).attribution[0]).toMatchObject({ layer: "odoo" });
    const before = failing("ingress", { signals: [{ arm: "baseline", signal: "worker_kills", count: 3 }] });
    expect(evaluate(before, defaultPolicy).attribution[0]).toMatchObject({ layer: "ingress" });
  });

  test("a session that Redis dropped is no fault of Odoo", () => {
    const use = { commandMs: 1, evictedKeys: 12, rejectedConnections: 0 };
    const shared = failing("session", { redis: [{ arm: null, ...use }] });
    expect(evaluate(shared, defaultPolicy).attribution[0]).toMatchObject({ layer: "redis" });
    const other = failing("session", { redis: [{ arm: "baseline", ...use }] });
    expect(evaluate(other, defaultPolicy).attribution[0]).toMatchObject({ layer: "odoo" });
  });

  test.each(["application", "session"])("where PostgreSQL refused connections, %s errors are its own", (origin) => {
    const refused = (arm: "baseline" | "candidate") =>
      failing(origin, { signals: [{ arm, signal: "connections_refused", count: 9 }] });
    const [first] = evaluate(refused("candidate"), defaultPolicy).attribution;
    expect(first).toMatchObject({ layer: "postgres" });
    expect(first?.text).toContain("while PostgreSQL refused connections");
    expect(evaluate(refused("baseline"), defaultPolicy).attribution[0]).toMatchObject({ layer: "odoo" });
  });

  test("more retries are of PostgreSQL, and the step that met most of them is named", () => {
    const evidence = causedEvidence({ latencyFactor: 1, confirm: { retried: 25, retriedMs: 300 } });
    const retried = { kind: "count", events: 3, exposure: 12 } as const;
    const none = { ...retried, events: 0 };
    const series = evidence.series.map((each) =>
      each.indicator.id === "platform.serialization-retries"
        ? { ...each, blocks: { baseline: evidence.blocks.map(() => none), candidate: evidence.blocks.map(() => retried) } }
        : each,
    );
    const { attribution } = evaluate({ ...evidence, series }, defaultPolicy);
    expect(attribution[0]).toMatchObject({ layer: "postgres", service: "platform" });
    expect(attribution[0]?.text).toContain(
      "25 % of the transactions again after serialization conflicts (baseline 0 %), most in order-import/confirm",
    );
  });

  test("failures that the candidate has no more of than the baseline are no finding", () => {
    const outcomes = [outcome("baseline", "ok", 160), outcome("baseline", "ingress", 20), outcome("candidate", "ok", 160)];
    const evidence = causedEvidence({ causes: { outcomes: [...outcomes, outcome("candidate", "ingress", 20)] } });
    expect(evaluate(evidence, defaultPolicy).attribution.filter(({ text }) => text.includes("failed"))).toEqual([]);
  });
});
