import type { Evaluation } from "../../domain/judgement/evaluation.ts";

const CHANGE_KEYS = [
  ...(["indicator", "label", "service", "layer", "scenario", "step", "quantity", "kind", "unit", "better", "gate"] as const),
  ...(["weight", "judged", "baseline", "candidate"] as const),
  ...(["effectKind", "effect", "lower", "upper", "level", "margin", "marginLower", "marginUpper", "change"] as const),
  ...(["p", "pAdjusted", "notWorse", "n", "blocks", "method", "minimumDetectableEffect", "moreMinutes", "warnings"] as const),
] as const;

const ATTRIBUTION_KEYS = ["service", "layer", "text", "statement", "addedCalls", "addedMs", "step"] as const;

const TIME_KEYS = [
  ...(["step", "scenario", "service", "baselineMs", "candidateMs", "addedMs", "standardError", "parts"] as const),
  ...(["explained", "layer", "missing"] as const),
] as const;

const PART_KEYS = ["part", "layer", "addedMs", "standardError", "known"] as const;

const STATEMENT_KEYS = ["statement", "tables", "calls", "execMs", "rows", "blocks", "walBytes"] as const;

const ERROR_KEYS = ["step", "service", "outcome", "layer", "failed", "requests"] as const;

const INVARIANT_KEYS = ["id", "arm", "label", "status", "checked", "violations", "examples"] as const;

const SPOT_KEYS = ["part", "label", "declared", "gates", "cost", "remedy"] as const;

const POLICY_KEYS = [
  ...(["alpha", "equivalenceAlpha", "resamples", "minimumBlocks", "blockMs", "minimumAchievedRatio"] as const),
  ...(["maximumStealRatio", "maximumForeignCpuRatio", "maximumLoaderCpuRatio", "indicators"] as const),
] as const;

const SERIES_KEYS = ["id", "label", "unit", "layer", "arm", "chart", "points"] as const;

/** Mixed lists longer than this are printed one item a line, so that a diff of two documents is readable. */
const INLINE_COLUMNS = 100;

/**
 * renderJson renders the verdict as the JSON contract. Keys are in a fixed order, so that equal verdicts are equal bytes. The
 * timeline is included, because `peakproof report` renders all other formats from this document alone.
 */
export function renderJson(evaluation: Evaluation): string {
  return `${printJson(contractOf(evaluation))}\n`;
}

/** contractOf lists the fields in the order of the document: the verdict, its reasons, the evidence. */
function contractOf(evaluation: Evaluation): Readonly<Record<string, unknown>> {
  const { load, releases, method, seeds, timeline } = evaluation;
  return {
    schemaVersion: evaluation.schemaVersion,
    verdict: evaluation.verdict,
    confidence: evaluation.confidence,
    summary: evaluation.summary,
    reasons: evaluation.reasons.map((reason) => inOrder(reason, ["kind", "text", "indicator"])),
    next: evaluation.next,
    runIds: evaluation.runIds,
    releases: {
      baseline: inOrder(releases.baseline, ["label", "identity"]),
      candidate: inOrder(releases.candidate, ["label", "identity"]),
    },
    load: inOrder(load, ["schedule", "startedAt", "loadMs", "blocks", "blocksLeftOut", "volumes"]),
    changes: evaluation.changes.map((change) => inOrder(change, CHANGE_KEYS)),
    attribution: evaluation.attribution.map((cause) => inOrder(cause, ATTRIBUTION_KEYS)),
    ...causesOf(evaluation),
    invariants: evaluation.invariants.map((result) => inOrder(result, INVARIANT_KEYS)),
    validity: evaluation.validity.map((fact) => inOrder(fact, ["code", "severity", "text", "remedy"])),
    ...(evaluation.unseen === undefined ? {} : { unseen: evaluation.unseen.map((spot) => inOrder(spot, SPOT_KEYS)) }),
    // The contract's key is `hash`. `sha256` is kept too, so that the document can be read back as an evaluation.
    inputs: evaluation.inputs.map(({ path, sha256, side }) => ({
      path,
      hash: sha256,
      sha256,
      ...(side === undefined ? {} : { side }),
    })),
    policy: inOrder(evaluation.policy, POLICY_KEYS),
    method: inOrder(method, [
      "alpha",
      "looks",
      "alphaAtThisLook",
      "equivalenceAlphaAtThisLook",
      "alphaSpent",
      "gates",
      "correction",
      "resamples",
      "version",
    ]),
    seeds: inOrder(seeds, ["workload", "resampling"]),
    timeline: {
      durationMs: timeline.durationMs,
      series: timeline.series.map((series) => inOrder(series, SERIES_KEYS)),
      events: timeline.events.map((event) => inOrder(event, ["atMs", "kind", "label"])),
      excluded: timeline.excluded.map((stretch) => inOrder(stretch, ["startMs", "endMs", "reason"])),
    },
  };
}

/** causesOf adds the fields of the causes. Verdicts of earlier versions do not have them and stay without them. */
function causesOf({ addedTime, statements, errors }: Evaluation): object {
  return {
    ...(addedTime === undefined
      ? {}
      : {
          addedTime: addedTime.map(({ parts, ...time }) =>
            inOrder({ ...time, parts: parts.map((part) => inOrder(part, PART_KEYS)) }, TIME_KEYS),
          ),
        }),
    ...(statements === undefined ? {} : { statements: statements.map((change) => inOrder(change, STATEMENT_KEYS)) }),
    ...(errors === undefined ? {} : { errors: errors.map((origin) => inOrder(origin, ERROR_KEYS)) }),
  };
}

/** inOrder puts the named keys first, then all other keys in alphabetical order, so that no field is lost. */
function inOrder<Value extends object>(value: Value, first: readonly (keyof Value & string)[]): object {
  const known: readonly string[] = first;
  const others = Object.keys(value)
    .filter((key) => !known.includes(key))
    .toSorted();
  const entries = new Map(Object.entries(value));
  return Object.fromEntries([...known.filter((key) => entries.has(key)), ...others].map((key) => [key, entries.get(key)]));
}

/** printJson indents by two spaces. A list of numbers or points is one line, not one line a number. */
function printJson(value: unknown, indent = ""): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const inline = JSON.stringify(items);
    if (items.every(isNumbers) || (inline.length <= INLINE_COLUMNS && items.every(isLeaf))) return inline;
    return bracket(
      "[",
      items.map((item) => deeper + printJson(item, deeper)),
      "]",
      indent,
    );
  }
  if (isObject(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    const lines = fields.map(([key, field]) => `${deeper}${JSON.stringify(key)}: ${printJson(field, deeper)}`);
    return bracket("{", lines, "}", indent);
  }
  return JSON.stringify(value ?? null);
}

function bracket(open: string, lines: readonly string[], close: string, indent: string): string {
  return lines.length === 0 ? open + close : `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isLeaf(value: unknown): boolean {
  return !isObject(value);
}

function isNumbers(value: unknown): boolean {
  return typeof value === "number" || value === null || (Array.isArray(value) && value.every(isNumbers));
}
