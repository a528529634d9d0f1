import { dirname, relative, resolve } from "node:path";

import { readVerdict } from "../../bundle/run/verdict.ts";
import { HarnessError } from "../../domain/error.ts";
import { type FieldDifference, type Verification, verifyVerdict, type Versions } from "../../execution/judge.ts";
import { renderJson } from "../../report/formats/json.ts";
import { type Command, type CommandContext, EXIT_CODE, type ParsedArguments, texts } from "../terminal/command.ts";
import { FORMAT_OPTIONS, readFormat, writeRendered } from "./output.ts";

export const report: Command = {
  help: `peakproof report VERDICT.json [--format text|json|markdown|html|junit]
peakproof report VERDICT.json --verify [--bundle FOLDER...]

Renders a stored verdict again: a verdict.json of campaign or compare. The exit code is that of the verdict.

  --verify             judge the bundles of the verdict again, with the policy of the verdict, and compare the bytes;
                       exit codes: 0 identical, 1 an input or the verdict differs, 4 a bundle was not found
  --bundle FOLDER      folder of a bundle; may be given several times
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
      throw new HarnessError("usage", "--bundle belongs to --verify; a report is rendered from the verdict alone", {
        hint: "peakproof report VERDICT.json --verify --bundle FOLDER",
      });
    }
    const { verdict } = await readVerdict(path);
    writeRendered(verdict, { format: readFormat(parsed), reportPath: null, streams: context.streams });
    return EXIT_CODE[verdict.verdict];
  },
};

async function verify(path: string, parsed: ParsedArguments, { cwd, streams }: CommandContext): Promise<number> {
  if (parsed.values["format"] !== undefined || parsed.values["json"] === true) {
    throw new HarnessError("usage", "--verify prints plain text and takes no format", {
      hint: "Use the exit code of peakproof report VERDICT.json --verify: 0 verified, 1 not verified, 4 could not be verified.",
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

/** Number of differing fields that are named. The first ones usually show what was changed. */
const MOST_FIELDS = 5;

/** Longest value shown of a field. */
const LONGEST_VALUE = 80;

/** describeVerification is the result of recomputing the verdict at `path`, as plain text. */
export function describeVerification(verification: Verification, path: string): string {
  if (verification.kind === "verified") {
    const { bundles, files, bytes, versions } = verification;
    const { stored, own } = versions;
    return [
      `verified: ${path}`,
      `  ${counted(files, "input file")} of ${counted(bundles, "bundle")}: unchanged`,
      `  judged again with the policy of the verdict: ${bytes} bytes, identical`,
      ...(stored === own ? [] : [`  made by ${nameOf(stored)}; this is ${own}, which gives the same verdict`]),
    ].join("\n");
  }
  if (verification.kind === "differs") {
    return [`not verified: ${path} differs from the verdict on its bundles`, ...differing(verification)].join("\n");
  }
  return [
    `not verified: input files of ${path} were changed`,
    ...verification.files.map(
      ({ path: file, sha256, recorded }) =>
        `  ${file} was changed: sha256 ${sha256.slice(0, 12)}..., in the verdict ${recorded.slice(0, 12)}...`,
    ),
    "  Restore the files from a copy, or judge the changed files with `peakproof compare`.",
  ].join("\n");
}

function differing({ fields, versions }: Extract<Verification, { kind: "differs" }>): string[] {
  if (fields.length === 0) {
    return ["  All values are identical, but the layout of the file was changed.", "  Use the file as peakproof wrote it."];
  }
  const left = fields.length - MOST_FIELDS;
  return [
    ...fields.slice(0, MOST_FIELDS).map((difference) => {
      const { stored, computed } = excerpts(difference);
      return `  ${difference.field}: ${stored}, judged again ${computed}`;
    }),
    ...(left > 0 ? [`  and ${counted(left, "more field")}`] : []),
    `  ${likelyReason(versions)}: judge the bundles again with \`peakproof compare\`.`,
  ];
}

function likelyReason({ stored, own }: Versions): string {
  if (stored === own) return `The verdict was edited, or another build of peakproof ${own} made it`;
  return `The verdict was made by ${nameOf(stored)}; this is ${own}, which may judge differently, or the verdict was edited`;
}

function nameOf(version: string | null): string {
  return version === null ? "a version of peakproof that does not name itself" : `peakproof ${version}`;
}

/** excerpts cuts two long values, starting shortly before the first difference. */
function excerpts({ stored, computed }: FieldDifference): { stored: string; computed: string } {
  const letters = Array.from({ length: stored?.length ?? 0 }, (_, index) => index);
  const same = letters.find((index) => stored?.[index] !== computed?.[index]) ?? 0;
  const from = same < LONGEST_VALUE / 2 ? 0 : same - LONGEST_VALUE / 4;
  const shown = (value: string | undefined) => {
    if (value === undefined) return "nothing";
    const cut = value.length > from + LONGEST_VALUE ? "…" : "";
    return `${from > 0 ? "…" : ""}${value.slice(from, from + LONGEST_VALUE)}${cut}`;
  };
  return { stored: shown(stored), computed: shown(computed) };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
