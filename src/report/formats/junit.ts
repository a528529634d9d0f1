import type { Evaluation, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import type { ValidityFact } from "../../domain/judgement/evidence.ts";
import type { InvariantResult } from "../../domain/load/run.ts";
import { TEXT_NOTATION } from "../words/figures.ts";
import { describeFigures, type Judgement, judgementOf } from "../words/judgement.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import { describeReleases, VERDICT_WORD } from "../words/verdict-words.ts";

type Outcome = "passed" | "failure" | "error" | "skipped";

interface TestCase {
  readonly group: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly text: string;
}

const GATE_OUTCOME: Readonly<Record<Judgement, Outcome>> = {
  improved: "passed",
  equivalent: "passed",
  "not-worse": "passed",
  regressed: "failure",
  inconclusive: "error",
};

/**
 * renderJunit renders one test case for the verdict, each gate, each invariant and each validity fact of severity `invalid`.
 *
 * Regressed and broken are a `failure`. Inconclusive is an `error`, not `skipped`, because CI servers show skipped tests as
 * passed. Only an invariant that was not checked is `skipped`.
 */
export function renderJunit(evaluation: Evaluation): string {
  const cases = [
    verdictCase(evaluation),
    ...evaluation.changes.filter(({ gate }) => gate).map(gateCase),
    ...evaluation.invariants.map(invariantCase),
    ...evaluation.validity.filter(({ severity }) => severity === "invalid").map(validityCase),
  ];
  const count = (outcome: Outcome): number => cases.filter((testCase) => testCase.outcome === outcome).length;
  const seconds = (evaluation.load.loadMs / 1000).toFixed(3);
  const bad = markup`failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  const totals = markup`tests="${cases.length}" ${bad} time="${seconds}"`;
  const document = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="peakproof" ${totals}>
  <testsuite name="${describeReleases(evaluation)}" timestamp="${evaluation.load.startedAt}" ${totals}>
    <properties>
${propertiesOf(evaluation)}    </properties>
${cases.map(renderCase)}  </testsuite>
</testsuites>
`;
  return document.markup;
}

function propertiesOf(evaluation: Evaluation): readonly Markup[] {
  const { confidence, method, seeds } = evaluation;
  const properties: readonly (readonly [string, string])[] = [
    ["verdict", evaluation.verdict],
    ["confidence", confidence === null ? "" : String(confidence)],
    ["runs", evaluation.runIds.join(" ")],
    ["alpha", String(method.alpha)],
    ["alphaSpent", String(method.alphaSpent)],
    ["correction", method.correction],
    ...(evaluation.unseen === undefined
      ? []
      : ([["unseen", evaluation.unseen.map(({ part }) => part).join(" ")]] satisfies [string, string][])),
    ["workload-seed", String(seeds.workload)],
    ["resampling-seed", String(seeds.resampling)],
  ];
  return properties.map(([name, value]) => markup`      <property name="${name}" value="${value}"/>\n`);
}

function verdictCase(evaluation: Evaluation): TestCase {
  const outcome = { pass: "passed", fail: "failure", inconclusive: "error" } as const;
  const word = VERDICT_WORD[evaluation.verdict];
  const text = [evaluation.summary, ...evaluation.reasons.map((reason) => reason.text)].join("\n");
  return { group: "verdict", name: `${word} ${describeReleases(evaluation)}`, outcome: outcome[evaluation.verdict], text };
}

function gateCase(change: IndicatorChange): TestCase {
  const text = [describeFigures(change, TEXT_NOTATION), `indicator ${change.indicator}`, ...change.warnings].join("\n");
  return { group: change.service, name: change.label, outcome: GATE_OUTCOME[judgementOf(change)], text };
}

function invariantCase(result: InvariantResult): TestCase {
  const outcome = { intact: "passed", broken: "failure", "not-checked": "skipped" } as const;
  const text = [`${result.violations} of ${result.checked} records violate the invariant`, ...result.examples].join("\n");
  return { group: "invariants", name: `${result.label} (${result.arm})`, outcome: outcome[result.status], text };
}

function validityCase(fact: ValidityFact): TestCase {
  return { group: "validity", name: fact.code, outcome: "error", text: `${fact.text}\n${fact.remedy}` };
}

function renderCase({ group, name, outcome, text }: TestCase): Markup {
  const [message = "", ...rest] = text.split("\n");
  const body = {
    passed: markup`      <system-out>${text}</system-out>\n`,
    failure: markup`      <failure type="regressed" message="${message}">${rest.join("\n")}</failure>\n`,
    error: markup`      <error type="inconclusive" message="${message}">${rest.join("\n")}</error>\n`,
    skipped: markup`      <skipped message="not checked"/>\n`,
  }[outcome];
  const detail = text === "" ? NOTHING : body;
  return markup`    <testcase classname="peakproof.${group}" name="${name}">\n${detail}    </testcase>\n`;
}
