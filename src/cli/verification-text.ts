import type { FieldDifference } from "../execution/field-differences.ts";
import type { Verification, Versions } from "../execution/verify-verdict.ts";

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
