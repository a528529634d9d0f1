/**
 * npm run bench:equal [campaigns] [load]: judges release 1.0 against itself on the native lab, several times, and writes the table
 * to bench/results/equal-releases.md. Whatever the machine does, none may be FAIL.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Evaluation, IndicatorChange } from "../src/domain/evaluation.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const [campaigns = "5", load = "120s"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "peakproof-equal-"));

const rows: string[] = [];
let failures = 0;
for (let number = 1; number <= Number(campaigns); number += 1) {
  const out = join(folder, String(number));
  const seed = String(1000 + number);
  const args = [
    "campaign",
    "--baseline",
    "1.0",
    "--candidate",
    "1.0",
    "--load",
    load,
    "--seed",
    seed,
    "--out",
    out,
    "--format",
    "json",
  ];
  const started = Date.now();
  const { stdout } = spawnSync(process.execPath, [join(root, "bin/peakproof.js"), ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 28,
  });
  const verdict: Evaluation = JSON.parse(stdout);
  if (verdict.verdict === "fail") failures += 1;
  rows.push(describe(number, verdict, Math.round((Date.now() - started) / 1000)));
  console.log(rows.at(-1));
}
rmSync(folder, { recursive: true });

writeFileSync(
  join(root, "bench/results/equal-releases.md"),
  `# Release 1.0 against itself

${campaigns} campaigns on the native lab, schedule duet, ${load} of load each, written by \`npm run bench:equal\`. ${failures} of ${campaigns} FAIL.

| campaign | verdict | release confidence | gates | undecided gates | SQL statements per order | order import, typical latency | Odoo CPU per transaction | blocks left out | seconds in all |
|---|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`,
);
process.exitCode = failures === 0 ? 0 : 1;

function describe(
  number: number,
  { verdict, confidence, changes, load: { blocks, blocksLeftOut } }: Evaluation,
  seconds: number,
): string {
  const gates = changes.filter(({ gate }) => gate);
  const open = gates.filter(({ change, notWorse }) => change === "inconclusive" && !notWorse).map(({ indicator }) => indicator);
  const shown = (id: string) => effectOf(changes.find(({ indicator }) => indicator === id));
  const cells = [
    number,
    verdict.toUpperCase(),
    confidence === null ? "not estimated" : confidence.toFixed(2),
    gates.length,
    open.join(", ") || "none",
    shown("order-import.statements-per-transaction"),
    shown("order-import.latency-typical"),
    shown("platform.odoo-cpu-ms-per-transaction"),
    `${blocksLeftOut} of ${blocks}`,
    seconds,
  ];
  return `| ${cells.join(" | ")} |`;
}

function effectOf(change: IndicatorChange | undefined): string {
  const { effect = null, lower = null, upper = null } = change ?? {};
  if (effect === null || lower === null || upper === null) return "no data";
  const percent = (ratio: number) => `${ratio >= 1 ? "+" : ""}${(100 * (ratio - 1)).toFixed(2)}`;
  return `${percent(effect)} % [${percent(lower)}, ${percent(upper)}]`;
}
