import { resolve } from "node:path";
import { HarnessError } from "../../domain/error.ts";
import { readVerdict } from "../../store/verdict-file.ts";
import { type Command } from "../command.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { FORMAT_OPTIONS, readFormat, writeRendered } from "../output.ts";

export const report: Command = {
  help: `peakproof report VERDICT.json [--format text|json|markdown|html|junit]

Renders a stored verdict again: the verdict.json that campaign and compare write. Ends with the verdict's exit code.

  peakproof report reports/2026-11-21-1.2-against-1.0/verdict.json --format markdown
`,
  options: FORMAT_OPTIONS,
  async run(parsed, context) {
    const [file, ...more] = parsed.positionals;
    if (file === undefined || more.length > 0) {
      throw new HarnessError("usage", "report needs exactly one verdict file", { hint: "peakproof report VERDICT.json" });
    }
    const evaluation = await readVerdict(resolve(context.cwd, file));
    writeRendered(evaluation, { format: readFormat(parsed), reportPath: null, streams: context.streams });
    return EXIT_CODE[evaluation.verdict];
  },
};
