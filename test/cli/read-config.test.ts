import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/cli/config/read-config.ts";
import { HarnessError } from "../../src/domain/error.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "peakproof-config-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const WORKLOAD = "workload:\n  load: 60s\n  warmup: 5s\n  order-import: { ordersPerMinute: 6, linesPerOrder: 3 }\n";

function failureOf(yaml: string): HarnessError {
  const path = join(folder, "peakproof.yaml");
  writeFileSync(path, yaml);
  try {
    readConfig(path);
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error("the config was accepted");
}

test("a correct config is read", () => {
  const path = join(folder, "good.yaml");
  writeFileSync(path, `target:\n  lab: native\n${WORKLOAD}schedule: slots\n`);
  expect(readConfig(path)).toMatchObject({ schedule: "slots", workload: { load: "60s" } });
});

test.each([
  {
    name: "an unknown key at the top names the nearest allowed word",
    yaml: `target:\n  lab: native\n${WORKLOAD}polcy:\n  alpha: 0.01\n`,
    line: 7,
    says: ["`polcy`", "`policy`"],
    hint: "schedule",
  },
  {
    name: "an unknown key deep inside the workload is found on its line",
    yaml: "target:\n  lab: native\nworkload:\n  load: 60s\n  warmup: 5s\n  order-import:\n    orderPerMinute: 6\n    linesPerOrder: 3\n",
    line: 7,
    says: ["`orderPerMinute`", "`ordersPerMinute`"],
    hint: "linesPerOrder",
  },
  {
    name: "an unknown value names the allowed ones",
    yaml: `target:\n  lab: native\n${WORKLOAD}schedule: duett\n`,
    line: 7,
    says: ["schedule"],
    hint: "duet, slots, sequential",
  },
  {
    name: "a margin of zero is refused",
    yaml: `target:\n  lab: native\n${WORKLOAD}policy:\n  indicators:\n    order-import.latency-p50:\n      margin: { relative: 0 }\n`,
    line: 10,
    says: ["relative"],
    hint: "relative",
  },
  {
    name: "a duration without its unit is refused",
    yaml: "target:\n  lab: native\nworkload:\n  load: 60\n  warmup: 5s\n",
    line: 4,
    says: ["workload.load"],
    hint: "docs/configuration.md",
  },
  {
    name: "a secret written where the name of a variable belongs is refused",
    yaml: `target:\n  name: s\n  allowed: []\n  arms:\n    baseline: { url: "http://127.0.0.1:1", database: d, login: l, passwordEnv: "hunter2" }\n${WORKLOAD}`,
    line: 5,
    says: ["passwordEnv", "never a secret"],
    hint: "passwordEnv",
  },
])("$name", ({ yaml, line, says, hint }) => {
  const failure = failureOf(yaml);
  expect(failure.code).toBe("usage");
  expect(failure.message).toContain(`peakproof.yaml:${line}: `);
  for (const word of says) expect(failure.message).toContain(word);
  expect(failure.hint).toContain(hint);
});

test("broken YAML is reported with its line", () => {
  expect(failureOf("target:\n  lab: [native\nworkload: 1\n").message).toMatch(/peakproof\.yaml:\d: /);
});
