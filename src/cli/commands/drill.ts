import { HarnessError } from "../../domain/error.ts";
import { FAULT_SIZES, type FaultSize } from "../../domain/judgement/drill.ts";
import { scoreDrill } from "../../execution/drill-score.ts";
import { FAULTS } from "../../lab/faults/catalogue.ts";
import type { LabFault } from "../../lab/faults/lab-fault.ts";
import { CALIBRATION_HELP, CALIBRATION_OPTIONS } from "../calibrated-policy.ts";
import { type Command, type ParsedArguments, text, texts } from "../command.ts";
import { describeCatalogue, describeDrill } from "../drill-text.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { DRILL_DEFAULTS, performDrill } from "../perform-drill.ts";
import { unknownWord } from "../unknown-word.ts";

export const drill: Command = {
  help: `peakproof drill --all|--only FAULT...|--list [options]

Puts known faults into the candidate's arm of the lab, one after the other, and shows what the judge finds: whether it fails the
release, in which layer it sees the cause, after how much load, and whether it raises an alarm where nothing is wrong.
Ends with 0 where every target is met, 1 where not, 4 where a fault could not be put in, shown to be in effect and taken out again.

  --all                every fault of the catalogue, and the controls
  --only FAULT         this fault, by its id; may be repeated
  --list               show the catalogue and do nothing
  --size WORD          small, medium or large [default: medium]
  --min DURATION       load of one round, and so before the first look [default: ${DRILL_DEFAULTS.min}]
  --max DURATION       most undisturbed load for one fault [default: ${DRILL_DEFAULTS.max}]
  --budget DURATION    most time for one fault, from its first round on [default: ${DRILL_DEFAULTS.budget}]
  --config FILE        rates, policy and margins; it must name the lab [default: peakproof.yaml]
  --seed NUMBER        of the choice of data, and of the noise [default: seed of the config]
  --out FILE           also write the table there, as Markdown, after each row
  --keep               keep the bundles; without it verdict and reports alone stay, in reports/drill-<date>
${CALIBRATION_HELP}  --format FORMAT      text or json [default: text]

  peakproof drill --all --out bench/results/drill.md
  peakproof drill --only redis-latency --size small --keep
`,
  options: {
    all: { type: "boolean" },
    only: { type: "string", multiple: true },
    list: { type: "boolean" },
    size: { type: "string" },
    min: { type: "string" },
    max: { type: "string" },
    budget: { type: "string" },
    config: { type: "string" },
    seed: { type: "string" },
    out: { type: "string" },
    keep: { type: "boolean" },
    format: { type: "string" },
    ...CALIBRATION_OPTIONS,
  },
  async run(parsed, context) {
    const format = text(parsed, "format") ?? "text";
    if (format !== "text" && format !== "json") throw unknownWord("format", format, ["text", "json"]);
    const { out } = context.streams;
    if (parsed.values["list"] === true) {
      out.write(format === "json" ? `${JSON.stringify(FAULTS, null, 2)}\n` : describeCatalogue(FAULTS));
      return EXIT_CODE.pass;
    }
    const faults = chooseFaults(parsed);
    const size = readSize(text(parsed, "size") ?? "medium");
    const rows = await performDrill(parsed, context, { faults, size });
    const score = scoreDrill(rows);
    out.write(format === "json" ? `${JSON.stringify({ size, score, rows }, null, 2)}\n` : describeDrill(rows, score));
    if (context.signal.aborted) return EXIT_CODE.interrupted;
    if (score.unjudged > 0) return EXIT_CODE["cannot-measure"];
    return score.isMet ? EXIT_CODE.pass : EXIT_CODE.fail;
  },
};

function chooseFaults(parsed: ParsedArguments): readonly LabFault[] {
  const only = texts(parsed, "only");
  const isAll = parsed.values["all"] === true;
  if (isAll === only.length > 0) {
    throw new HarnessError("usage", "drill needs either --all or --only", {
      hint: "peakproof drill --list shows the faults: --only takes the ids.",
    });
  }
  if (isAll) return FAULTS;
  const ids = FAULTS.map(({ id }) => id);
  for (const id of only) if (!ids.includes(id)) throw unknownWord("fault", id, ids);
  return FAULTS.filter(({ id }) => only.includes(id));
}

function readSize(word: string): FaultSize {
  const size = FAULT_SIZES.find((known) => known === word);
  if (size === undefined) throw unknownWord("size", word, FAULT_SIZES);
  return size;
}
