import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { describeSurvey } from "../../src/cli/commands/init.ts";
import type { CleanedArm } from "../../src/domain/load/ledger.ts";
import { SCENARIO_NAMES, type ScenarioName } from "../../src/domain/load/plan.ts";
import { declarationOf } from "../../src/domain/load/scenarios.ts";
import { cleanUpRuns } from "../../src/execution/cleanup-run.ts";
import { type ServerSurvey, surveyServer } from "../../src/execution/survey-server.ts";
import { isLab, quiet, useContractServer } from "./contract-server.ts";
import { type ContractRun, runOnce } from "./one-transaction.ts";

/** The contract suite checks all that the harness expects of an Odoo server: the lab's own, or `npm run test:odoo -- --url URL`. */
const server = useContractServer();
const runs = new Map<ScenarioName, ContractRun>();
let survey: ServerSurvey;

beforeAll(async () => {
  survey = await surveyServer(server().endpoint);
});

afterAll(() => {
  process.stdout.write(`\n${describeSurvey(survey)}\n`);
});

const missingFrom = (scenario: ScenarioName) =>
  survey.scenarios.find((each) => each.scenario === scenario)?.missing?.text ?? null;

describe("the server", () => {
  test("says that it may be loaded, and reaches nobody outside by mail or money", () => {
    expect(survey.locks).toEqual([]);
  });

  test("can do the scenarios: the lab all of them, another server at least one", () => {
    const cannot = survey.scenarios.flatMap(({ scenario, missing }) =>
      missing === null ? [] : [`${scenario}: ${missing.text}`],
    );
    expect(cannot).toEqual(isLab ? [] : cannot.slice(0, SCENARIO_NAMES.length - 1));
  });
});

describe.each(SCENARIO_NAMES)("%s", (scenario) => {
  test("one transaction by k6 ends well, and is found in the ledger", async ({ skip }) => {
    const missing = missingFrom(scenario);
    skip(missing !== null && !isLab, missing ?? "");
    const run = await runOnce(server(), scenario);
    runs.set(scenario, run);
    const { status, statusReason, volumes } = run.manifest;
    expect({ status, statusReason, complaints: run.complaints }).toEqual({
      status: "complete",
      statusReason: null,
      complaints: [],
    });
    expect(volumes).toMatchObject([{ scenario, planned: 1, achieved: 1, failed: 0, dropped: 0, interrupted: 0 }]);
  });

  test("leaves the business as its rules want it", ({ skip }) => {
    const run = runs.get(scenario);
    skip(run === undefined && !isLab, "it did not run");
    skip(server().endpoint.invariantsDsn === null, "no PEAKPROOF_ODOO_INVARIANTS_DSN: the rules cannot be checked");
    const { invariants } = run?.manifest ?? { invariants: [] };
    expect(invariants.filter(({ status }) => status !== "intact").map(({ id, examples }) => ({ id, examples }))).toEqual([]);
    expect(invariants.length).toBeGreaterThan(10);
  });
});

describe("the cleanup", () => {
  let cleaned: readonly CleanedArm[] = [];

  const cleanUp = () => {
    const { endpoint, admin } = server();
    const target = { name: "contract", arms: { baseline: endpoint }, redisUrl: null, traefikMetricsUrl: null };
    const bundles = [...runs.values()].map(({ bundle }) => bundle);
    return cleanUpRuns({ bundles, target, user: admin, signal: new AbortController().signal, progress: quiet });
  };

  test("takes back what the transactions wrote: its scan finds nothing but what cannot be undone, and nothing of a scenario that only reads", async () => {
    cleaned = await cleanUp();
    expect(cleaned.length).toBe(runs.size);
    expect(cleaned.flatMap(({ kept }) => kept.filter(({ irreversible }) => !irreversible))).toEqual([]);
    const scenarios = new Map([...runs].map(([scenario, { manifest }]) => [manifest.runId, scenario]));
    for (const { runId, models, kept } of cleaned) {
      const scenario = scenarios.get(runId) ?? "checkout";
      const writes = Object.keys(declarationOf(scenario).writes(1)).length > 0;
      expect({ scenario, found: models.length + kept.length > 0 }).toEqual({ scenario, found: writes });
    }
  });

  test("has nothing left to do a second time", async () => {
    const again = await cleanUp();
    expect(again.flatMap(({ models }) => models)).toEqual([]);
    expect(again.map(({ kept }) => kept)).toEqual(cleaned.map(({ kept }) => kept));
  });
});
