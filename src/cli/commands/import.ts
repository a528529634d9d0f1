import { basename, resolve } from "node:path";

import { importFiles } from "../../bundle/import/import.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import { durationMs } from "../config/schema.ts";
import { type Command, EXIT_CODE, newRunId, type ParsedArguments, text, texts } from "../terminal/command.ts";
import { unknownWord } from "../terminal/words.ts";

export const importCommand: Command = {
  help: `peakproof import FILE... --out BUNDLE [options]

Turns results of your own k6 scripts (--out csv= or --out json=, plain or .gz) into a run bundle for peakproof compare. Several
files are the k6 processes of one run.

  --step-tag TAG               tag that names the step of a request [default: name]
  --odoo-log FILE              Odoo's log of the same time (plain or .gz); with two arms ARM=FILE, once for each arm
  --label TEXT                 name of the release
  --arm ARM                    arm of the run [default: baseline]; compare may use the bundle as either arm
  --arm-tag TAG --baseline-arm VALUE --candidate-arm VALUE   for files that hold both arms
  --from TIME --to TIME        use only this part of the time; TIME such as 2026-11-20T09:30:00Z
  --warmup DURATION            leave out the beginning of the load [default: 0s]

  peakproof import results.csv.gz --step-tag name --odoo-log odoo.log.gz --out before.bundle
`,
  options: {
    out: { type: "string" },
    "step-tag": { type: "string" },
    "odoo-log": { type: "string", multiple: true },
    label: { type: "string" },
    arm: { type: "string" },
    "arm-tag": { type: "string" },
    "baseline-arm": { type: "string" },
    "candidate-arm": { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    warmup: { type: "string" },
  },
  async run(parsed, { cwd, streams }) {
    const out = text(parsed, "out");
    if (parsed.positionals.length === 0 || out === undefined) {
      throw new HarnessError("usage", "import needs files and --out", {
        hint: "peakproof import results.csv.gz --out before.bundle",
      });
    }
    const arms = readArms(parsed);
    const label = text(parsed, "label") ?? basename(out);
    const bundle = resolve(cwd, out);
    const manifest = await importFiles({
      files: parsed.positionals.map((file) => resolve(cwd, file)),
      out: bundle,
      runId: newRunId(new Date(), Math.random),
      target: "imported",
      stepTag: text(parsed, "step-tag") ?? "name",
      arms,
      odooLogs: texts(parsed, "odoo-log").map((word) => readLog(word, arms, cwd)),
      range: { fromMs: readTime(parsed, "from"), toMs: readTime(parsed, "to") },
      warmupMs: readWarmup(text(parsed, "warmup") ?? "0s"),
      labels:
        typeof arms === "string" ? { baseline: label, candidate: label } : { baseline: arms.baseline, candidate: arms.candidate },
    });
    streams.err.write(`${manifest.counts.httpRequests} requests, ${manifest.counts.readings} readings\n`);
    streams.out.write(`${bundle}\n`);
    return EXIT_CODE.pass;
  },
};

function readArms(parsed: ParsedArguments) {
  const [tag, baseline, candidate] = ["arm-tag", "baseline-arm", "candidate-arm"].map((name) => text(parsed, name));
  if (tag !== undefined && baseline !== undefined && candidate !== undefined) return { tag, baseline, candidate };
  if (tag !== undefined || baseline !== undefined || candidate !== undefined) {
    throw new HarnessError("usage", "--arm-tag, --baseline-arm and --candidate-arm belong together", {
      hint: "peakproof import both.csv --arm-tag arm --baseline-arm a --candidate-arm b --out both.bundle",
    });
  }
  return readArm(text(parsed, "arm") ?? "baseline");
}

function readArm(word: string): Arm {
  const arm = ARMS.find((known) => known === word);
  if (arm === undefined) throw unknownWord("arm", word, ARMS);
  return arm;
}

/** readLog reads FILE, or ARM=FILE where the files hold both arms. */
function readLog(word: string, arms: ReturnType<typeof readArms>, cwd: string): { path: string; arm: Arm | null } {
  if (typeof arms === "string") return { path: resolve(cwd, word), arm: null };
  const equals = word.indexOf("=");
  return equals < 0
    ? { path: resolve(cwd, word), arm: null }
    : { path: resolve(cwd, word.slice(equals + 1)), arm: readArm(word.slice(0, equals)) };
}

function readTime(parsed: ParsedArguments, name: string): number | null {
  const word = text(parsed, name);
  if (word === undefined) return null;
  const ms = Date.parse(word);
  if (Number.isFinite(ms)) return ms;
  throw new HarnessError("usage", `--${name} ${word} is not a time`, { hint: "Write it as 2026-11-20T09:30:00Z." });
}

function readWarmup(word: string): number {
  const ms = durationMs(word);
  if (ms === null) throw new HarnessError("usage", `--warmup ${word} is not a duration`, { hint: "Write 30s or 2m." });
  return ms;
}
