import { dirname, relative, resolve } from "node:path";

import { readVerdict } from "../../bundle/run/verdict.ts";
import { HarnessError } from "../../domain/error.ts";
import { verifyVerdict } from "../../execution/verify-verdict.ts";
import { renderJson } from "../../report/json.ts";
import { type Command, type CommandContext, type ParsedArguments, texts } from "../command.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { FORMAT_OPTIONS, readFormat, writeRendered } from "../output.ts";
import { describeVerification } from "../verification-text.ts";

export const report: Command = {
  help: `peakproof report VERDICT.json [--format text|json|markdown|html|junit]
peakproof report VERDICT.json --verify [--bundle FOLDER...]

Renders a stored verdict again: the verdict.json that campaign and compare write. Ends with the verdict's exit code.

  --verify             judge the bundles of the verdict again, by the policy that stands in it, and compare the bytes;
                       ends with 0 where they are the same, 1 where an input or the verdict was changed, 4 where a
                       bundle is not found
  --bundle FOLDER      where a bundle lies now; may be given several times
                       [default: beside the verdict, above it, or in the current folder]

  peakproof report reports/2026-11-21-1.2-against-1.0/verdict.json --format markdown
  peakproof report reports/2026-11-21-1.2-against-1.0/verdict.json --verify
`,
  options: { verify: { type: "boolean" }, bundle: { type: "string", multiple: true }, ...FORMAT_OPTIONS },
  async run(parsed, context) {
    const [file, ...more] = parsed.positionals;
    if (file === undefined || more.length > 0) {
      throw new HarnessError("usage", "report needs exactly one verdict file", { hint: "peakproof report VERDICT.json" });
    }
    const path = resolve(context.cwd, file);
    if (parsed.values["verify"] === true) return verify(path, parsed, context);
    if (texts(parsed, "bundle").length > 0) {
      throw new HarnessError(
        "usage",
        "--bundle says where --verify finds the bundles; a report is rendered from the verdict alone",
        {
          hint: "peakproof report VERDICT.json --verify --bundle FOLDER",
        },
      );
    }
    const { verdict } = await readVerdict(path);
    writeRendered(verdict, { format: readFormat(parsed), reportPath: null, streams: context.streams });
    return EXIT_CODE[verdict.verdict];
  },
};

async function verify(path: string, parsed: ParsedArguments, { cwd, streams }: CommandContext): Promise<number> {
  if (parsed.values["format"] !== undefined || parsed.values["json"] === true) {
    throw new HarnessError("usage", "--verify answers in plain text and takes no format", {
      hint: "peakproof report VERDICT.json --verify, and its exit code for programs: 0 verified, 1 not, 4 could not be done.",
    });
  }
  const folder = dirname(path);
  const named = texts(parsed, "bundle").map((bundle) => resolve(cwd, bundle));
  const verification = await verifyVerdict(await readVerdict(path), {
    places: { named, around: [folder, dirname(folder), cwd] },
    print: renderJson,
  });
  streams.out.write(`${describeVerification(verification, relative(cwd, path))}\n`);
  return verification.kind === "verified" ? EXIT_CODE.pass : EXIT_CODE.fail;
}
