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

/** Fields named of those that differ: the first ones usually say what was changed. */
const MOST_FIELDS = 5;

/** Longest value shown of a field. */
const LONGEST_VALUE = 80;

/** describeVerification says in plain text what became of recomputing the verdict at `path`. */
export function describeVerification(verification: Verification, path: string): string {
  if (verification.kind === "verified") {
    const { bundles, files, bytes, versions } = verification;
    const { stored, own } = versions;
    return [
      `verified: ${path}`,
      `  ${counted(files, "input file")} of ${counted(bundles, "bundle")}: unchanged`,
      `  judged again by the policy of the verdict: the same ${bytes} bytes`,
      ...(stored === own ? [] : [`  made by ${nameOf(stored)}; this is ${own}, which judges alike`]),
    ].join("\n");
  }
  if (verification.kind === "differs") {
    return [`not verified: ${path} is not what its bundles give`, ...differing(verification)].join("\n");
  }
  return [
    `not verified: ${path} rests on files that are no longer the same`,
    ...verification.files.map(
      ({ path: file, sha256, recorded }) =>
        `  ${file} was changed: sha256 ${sha256.slice(0, 12)}..., in the verdict ${recorded.slice(0, 12)}...`,
    ),
    "  Put the files back from a copy, or judge what is there now with `peakproof compare`.",
  ].join("\n");
}

function differing({ fields, versions }: Extract<Verification, { kind: "differs" }>): string[] {
  if (fields.length === 0) {
    return ["  Every value is the same, the text is not: the file was laid out anew.", "  Take the file as peakproof wrote it."];
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
  if (stored === own) return `Somebody changed the verdict, or it was made by another build of peakproof ${own} than this one`;
  return `The verdict was made by ${nameOf(stored)}, and this is ${own}, which may judge otherwise; or somebody changed it`;
}

function nameOf(version: string | null): string {
  return version === null ? "a peakproof that did not tell its version" : `peakproof ${version}`;
}

/** Long texts often differ in one figure: what is shown begins shortly before it. */
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
