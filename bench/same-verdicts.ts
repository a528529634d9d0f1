// Judges the same bundles with two checkouts of peakproof, and says whether verdicts, figures and causes are the same.
//
//   npx tsx bench/same-verdicts.ts --before OLD_CHECKOUT --after NEW_CHECKOUT --cases CASES.json [--rounds 3]
//
// CASES.json lists commands: [{ "name": "good", "commands": [["compare", "good/round-1"]] }, ...]. Paths are relative to the folder of
// the file; `{out}` is a new folder of each case. The last command of a case prints the verdict; `--format json` is added to it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import { compareJson, type Differences, noDifferences } from "./json-differences.ts";

const casesSchema = z.array(z.object({ name: z.string(), commands: z.array(z.array(z.string())).min(1) }));

type Case = z.infer<typeof casesSchema>[number];

interface Outcome {
  readonly exitCode: number;
  readonly printed: string;
  /** Milliseconds of each command, by its first word. */
  readonly took: ReadonlyMap<string, number>;
}

const { values } = parseArgs({
  options: {
    before: { type: "string" },
    after: { type: "string" },
    cases: { type: "string" },
    rounds: { type: "string", default: "1" },
  },
});
const { before, after, cases: casesFile } = values;
if (before === undefined || after === undefined || casesFile === undefined) {
  throw new Error("name two checkouts and a file of cases: --before OLD --after NEW --cases CASES.json");
}
const checkouts = { before: resolve(before), after: resolve(after) };
const folder = dirname(resolve(casesFile));
const cases = casesSchema.parse(JSON.parse(readFileSync(casesFile, "utf8")));
const spent = { before: new Map<string, number>(), after: new Map<string, number>() };
const all: Differences = noDifferences();

for (const one of cases) {
  const own = noDifferences(one.commands.some(([first]) => first === "import"));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    // The order changes from round to round, so that a machine that slows down slows both down.
    const order = round % 2 === 0 ? (["before", "after"] as const) : (["after", "before"] as const);
    const outcomes = Object.fromEntries(order.map((side) => [side, perform(one, side)]));
    const [old, now] = [outcomes["before"], outcomes["after"]];
    if (old === undefined || now === undefined || round > 0) continue;
    if (old.exitCode !== now.exitCode) own.breaches.push(`exit code ${old.exitCode} became ${now.exitCode}`);
    compareJson(parse(old.printed), parse(now.printed), "", own);
  }
  report(one.name, own);
}
const golden = join(checkouts.before, "fixtures", "cases");
for (const file of readdirSync(golden)) {
  const own = noDifferences();
  const stored = join(golden, file);
  const one = { name: `golden ${file}`, commands: [["report", stored]] };
  const [old, now] = [perform(one, "before"), perform(one, "after")];
  if (old.exitCode !== now.exitCode) own.breaches.push(`exit code ${old.exitCode} became ${now.exitCode}`);
  compareJson(parse(old.printed), parse(now.printed), "", own);
  report(one.name, own);
}

console.log(`\nAdded fields:\n${list(all.added)}`);
console.log(`\nFields with a new meaning:\n${list(all.meanings)}`);
console.log(`\nReworded sentences:\n${[...all.reworded].map(([from, to]) => `  - ${from}\n  + ${to}`).join("\n")}`);
for (const [command, ms] of spent.before) {
  const ratio = (spent.after.get(command) ?? 0) / ms;
  console.log(`\n${command}: after / before = ${ratio.toFixed(2)} of the time (${(ms / 1000).toFixed(1)} s before, all cases)`);
}
console.log(all.breaches.length === 0 ? "\nSame verdicts, figures and causes." : `\n${all.breaches.length} differences.`);
process.exitCode = all.breaches.length === 0 ? 0 : 1;

function perform(one: Case, side: "before" | "after"): Outcome {
  const out = mkdtempSync(join(tmpdir(), "peakproof-same-"));
  const took = new Map<string, number>();
  let last = { status: 0 as number | null, stdout: "", stderr: "" };
  try {
    for (const [index, command] of one.commands.entries()) {
      const words = command.map((word) => word.replaceAll("{out}", out));
      const format = index === one.commands.length - 1 ? ["--format", "json"] : [];
      const startedMs = performance.now();
      last = spawnSync(process.execPath, [join(checkouts[side], "bin", "peakproof.js"), ...words, ...format], {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 1 << 28,
      });
      const [first = ""] = words;
      spent[side].set(first, (spent[side].get(first) ?? 0) + performance.now() - startedMs);
      took.set(first, performance.now() - startedMs);
      if (index < one.commands.length - 1 && last.status !== 0) break;
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  const printed = last.stdout === "" ? JSON.stringify({ text: last.stderr.replaceAll(out, "{out}") }) : last.stdout;
  return { exitCode: last.status ?? -1, printed: printed.replaceAll(out, "{out}"), took };
}

function parse(text: string): unknown {
  return JSON.parse(text);
}

function report(name: string, own: Differences): void {
  console.log(`${own.breaches.length === 0 ? "same     " : "DIFFERENT"} ${name}`);
  for (const breach of own.breaches.slice(0, 20)) console.log(`    ${breach}`);
  all.breaches.push(...own.breaches);
  for (const field of own.added) all.added.add(field);
  for (const meaning of own.meanings) all.meanings.add(meaning);
  for (const [from, to] of own.reworded) all.reworded.set(from, to);
}

function list(items: ReadonlySet<string>): string {
  return [...items].map((item) => `  ${item}`).join("\n");
}
