import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { drillMarkdown } from "../../src/cli/commands/drill-text.ts";
import type { DrillRow } from "../../src/domain/judgement/drill.ts";
import { FAULTS } from "../../src/lab/faults/catalogue.ts";
import { callMain } from "./call-main.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "peakproof-drill-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("the list names every fault, and starts nothing", async () => {
  const { code, out } = await callMain(["drill", "--list"], folder);
  expect(code).toBe(0);
  expect(FAULTS.filter(({ id, title }) => !out.includes(id) || !out.includes(title))).toEqual([]);
});

test.each([
  { name: "neither all nor some", args: [], said: "--all" },
  { name: "both", args: ["--all", "--only", "nothing"], said: "--all" },
  { name: "an unknown fault", args: ["--only", "redis-latancy"], said: "`redis-latency`" },
  { name: "an unknown size", args: ["--all", "--size", "huge"], said: "small, medium, large" },
])("$name ends with 2 and says what to do", async ({ args, said }) => {
  const { code, err } = await callMain(["drill", ...args], folder);
  expect(code).toBe(2);
  expect(err).toContain(said);
});

test("a drill never breaks a server of the user's own", async () => {
  const config = join(folder, "peakproof.yaml");
  writeFileSync(
    config,
    `target:
  name: shop
  allowed: ["127.0.0.1:1"]
  arms:
    baseline: { url: "http://127.0.0.1:1", database: shop, login: api, passwordEnv: SHOP_PASSWORD }
workload: { load: 10s, warmup: 1s, checkout: { checkoutsPerMinute: 6, productsPerCart: 1 } }
`,
  );
  const { code, err } = await callMain(["drill", "--all", "--config", config], folder, { SHOP_PASSWORD: "x" });
  expect(code).toBe(2);
  expect(err).toContain("runs on the lab only");
});

test("the table says what came of each row, and keeps its columns whatever a text holds", () => {
  const [fault] = FAULTS;
  if (fault === undefined) throw new Error("the catalogue is empty");
  const common = { fault, size: "medium", amount: 6, proof: "seen", elapsedMs: 130_000 } as const;
  const rows: DrillRow[] = [
    {
      ...common,
      outcome: { kind: "judged", verdict: "fail", reportedLayer: "odoo", because: "SELECT a || b\nFROM c", loadMs: 70_000 },
    },
    { ...common, outcome: { kind: "not-injected", why: "the addon is silent" } },
  ];
  const table = drillMarkdown(rows, { command: "peakproof drill --all", size: "medium", planned: 3 });
  const lines = table.split("\n").filter((line) => line.startsWith(`| ${fault.id} |`));
  expect(lines.map((line) => line.split(/(?<!\\)\|/).length)).toEqual([12, 12]);
  expect(lines[0]).toContain("| FAIL | yes | odoo | yes | 70 s | 130 s |");
  expect(lines[1]).toContain("not-injected | no |");
  expect(table).toContain("The first 2 of 3 rows.");
  expect(table).toContain("detected      1 of 2 (50 %), target 90 %");
});
