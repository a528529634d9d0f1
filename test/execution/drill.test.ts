import { describe, expect, test } from "vitest";

import { HarnessError } from "../../src/domain/error.ts";
import type { DrillRow } from "../../src/domain/judgement/drill.ts";
import type { ArmEndpoint } from "../../src/domain/target/target.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import type { CampaignResult } from "../../src/execution/campaign.ts";
import type { DrillLab } from "../../src/execution/drill-lab.ts";
import { type DrillCampaign, runDrill } from "../../src/execution/drill.ts";
import type { PreparedTarget } from "../../src/execution/perform-run.ts";
import type { LabFault } from "../../src/lab/faults/fault.ts";
import type { RunningLab } from "../../src/lab/services/running-lab.ts";
import { syntheticEvidence } from "../evaluator/synthetic-evidence.ts";

const endpoint: ArmEndpoint = {
  baseUrl: "http://127.0.0.1:1",
  database: "shop",
  login: "api",
  password: "secret",
  probeDsn: null,
  invariantsDsn: null,
  odooLog: null,
  odooPids: [],
  traefikService: null,
};
const target: PreparedTarget = {
  target: { name: "lab", arms: { baseline: endpoint, candidate: endpoint }, redisUrl: null, traefikMetricsUrl: null },
  releases: {},
  otherPids: {},
  settings: {},
};
const port = 1;
const running: RunningLab = {
  chroot: { root: "", lab: "" },
  state: {
    schemaVersion: 1,
    entries: { rootfs: "", shop: "", k6: "", traefik: "" },
    ports: { postgres: port, redis: port, metrics: port, baseline: port, candidate: port },
  },
  secrets: { postgres: "", odoo: "", probe: "", invariants: "", odooMaster: "", shopUser: "" },
  signal: new AbortController().signal,
  progress: { stage: () => {}, update: () => {}, note: () => {} },
  withDatabase: () => Promise.reject(new Error("there is no database")),
  admin: () => Promise.reject(new Error("there is no database")),
};
const evaluation = evaluate(syntheticEvidence({ seed: 1, candidate: { addedStatements: 6 } }), defaultPolicy);
const judged: CampaignResult = { compared: { kind: "together", bundles: [] }, evaluation, failure: null };

/** What happened, in its order, to a fault that does what it is told to. */
function traced(log: string[], parts: Partial<LabFault> = {}): LabFault {
  return {
    id: "traced",
    title: "A fault",
    layer: "odoo",
    place: "a test",
    unit: "things",
    sizes: { small: 1, medium: 2, large: 3 },
    serve: async ({ afterwards }, amount) => {
      afterwards(async () => void log.push("first undo"));
      return { candidate: { workers: amount } };
    },
    inject: async ({ afterwards }) => {
      afterwards(async () => void log.push("second undo"));
      log.push("inject");
      return "it is there";
    },
    disturb: async () => {
      log.push("disturb");
      return { stop: async () => void log.push("calm") };
    },
    ...parts,
  };
}

interface Trial {
  readonly fault: (log: string[]) => LabFault;
  readonly campaign?: (campaign: DrillCampaign, log: string[]) => Promise<CampaignResult>;
}

/** A campaign as it is, without its load. */
async function load({ prepare, aroundLoad }: DrillCampaign, log: string[]): Promise<CampaignResult> {
  await prepare();
  await aroundLoad(async () => void log.push("load"));
  return judged;
}

async function drillOne({ fault, campaign = load }: Trial): Promise<{ row: DrillRow | undefined; log: string[] }> {
  const log: string[] = [];
  const lab: DrillLab = {
    lab: running,
    random: () => 0,
    serve: async (changes) => {
      log.push(`serve ${JSON.stringify(changes)}`);
      return target;
    },
    stop: async () => void log.push("stop"),
  };
  const [row] = await runDrill({
    faults: [fault(log)],
    size: "medium",
    lab,
    campaign: (own) => campaign(own, log),
    onRow: async () => {},
    signal: running.signal,
  });
  return { row, log };
}

describe("a drill", () => {
  test("puts a fault in, keeps it up for the load alone, and takes it out in the reverse order", async () => {
    const { row, log } = await drillOne({ fault: traced });
    expect(log).toEqual([
      'serve {"candidate":{"workers":2}}',
      "inject",
      "disturb",
      "load",
      "calm",
      "second undo",
      "first undo",
      "stop",
    ]);
    expect(row).toMatchObject({ size: "medium", amount: 2, proof: "it is there" });
    expect(row?.outcome).toMatchObject({ kind: "judged", verdict: "fail", reportedLayer: "odoo" });
  });

  test("takes the fault out where the campaign breaks down, and does not count that as a finding", async () => {
    const { row, log } = await drillOne({
      fault: traced,
      campaign: async ({ prepare, aroundLoad }) => {
        await prepare();
        return aroundLoad(() => Promise.reject(new HarnessError("cannot-measure", "k6 is gone", { hint: "" })));
      },
    });
    expect(log.slice(-4)).toEqual(["calm", "second undo", "first undo", "stop"]);
    expect(row?.outcome).toEqual({ kind: "not-measured", why: "k6 is gone" });
  });

  test("does not count a verdict whose last round broke down", async () => {
    const { row } = await drillOne({
      fault: traced,
      campaign: async (campaign, log) => {
        const result = await load(campaign, log);
        return { ...result, failure: { error: new HarnessError("cannot-measure", "k6 is gone", { hint: "" }) } };
      },
    });
    expect(row?.outcome).toEqual({ kind: "not-measured", why: "k6 is gone" });
  });

  test("says that a fault was not injected which nothing shows to be in effect", async () => {
    const inject = () => Promise.reject(new Error("the index is still there"));
    const { row, log } = await drillOne({ fault: (events) => traced(events, { inject }) });
    expect(row?.outcome).toEqual({ kind: "not-injected", why: "the index is still there" });
    expect(log.slice(-2)).toEqual(["first undo", "stop"]);
  });

  test("does not count what was not undone, and undoes the rest", async () => {
    const { row, log } = await drillOne({
      fault: (events) =>
        traced(events, {
          inject: async ({ afterwards }) => {
            afterwards(() => Promise.reject(new Error("the proxy is still there")));
            return "it is there";
          },
        }),
    });
    expect(row?.outcome).toEqual({ kind: "not-injected", why: "the proxy is still there" });
    expect(log.slice(-2)).toEqual(["first undo", "stop"]);
  });

  test("does not count a fault that broke off while the load ran", async () => {
    const disturb = async () => ({ stop: () => Promise.reject(new Error("the session was cut")) });
    const { row } = await drillOne({ fault: (log) => traced(log, { disturb }) });
    expect(row?.outcome).toEqual({ kind: "not-injected", why: "the session was cut" });
  });

  test("ends with a bug of its own, once the fault is out", async () => {
    const log: string[] = [];
    const drilled = drillOne({
      fault: () => traced(log),
      campaign: async ({ prepare }) => {
        await prepare();
        throw new TypeError("a bug");
      },
    });
    await expect(drilled).rejects.toThrow("a bug");
    expect(log.slice(-2)).toEqual(["second undo", "first undo"]);
  });
});
