import type { ScenarioName } from "../domain/load/plan.ts";
import type { ScenarioSurvey } from "../execution/survey-server.ts";

/** Long enough for 30 transactions of each scenario in each run, from which on their latency may gate. */
const [LOAD, WARMUP, MINUTES] = ["3m", "15s", 3.25] as const;

interface Draft {
  readonly rate: string;
  readonly perMinute: number;
  readonly size: string;
  readonly most: number;
  /** What one transaction takes so many of; null where it makes them itself. */
  readonly from: "products" | "pickings" | null;
}

/** What a careful first load asks for: the config's keys with a rate and a size. */
const DRAFTS: Readonly<Record<ScenarioName, Draft>> = {
  checkout: { rate: "checkoutsPerMinute", perMinute: 12, size: "productsPerCart", most: 2, from: "products" },
  "stock-sync": { rate: "syncsPerMinute", perMinute: 12, size: "skusPerSync", most: 10, from: "products" },
  "order-import": { rate: "ordersPerMinute", perMinute: 20, size: "linesPerOrder", most: 4, from: "products" },
  "picking-wave": { rate: "wavesPerMinute", perMinute: 12, size: "pickingsPerWave", most: 3, from: "pickings" },
  "store-orders": { rate: "burstsPerMinute", perMinute: 12, size: "ordersPerBurst", most: 3, from: null },
};

/** DraftedWorkload is the workload of a config as lines of YAML, and how much it writes at most. */
export interface DraftedWorkload {
  readonly lines: readonly string[];
  readonly transactions: number;
}

/** draftWorkload takes what the server can do; what it cannot do stands there as a comment, with the reason. */
export function draftWorkload(scenarios: readonly ScenarioSurvey[]): DraftedWorkload {
  let perMinute = 0;
  const lines = scenarios.flatMap((survey) => {
    const { scenario } = survey;
    if (survey.lack !== null)
      return [`  # ${scenario}: left out: ${oneLine(survey.lack.text)}`, `  #   ${oneLine(survey.lack.remedy)}`];
    const { rate, size, ...draft } = DRAFTS[scenario];
    const isWave = scenario === "picking-wave";
    const most = draft.from === null ? draft.most : Math.min(draft.most, survey[draft.from]);
    // A wave uses its pickings up, so one run may not take more than there are.
    const affordable = isWave ? Math.floor(survey.pickings / most / MINUTES) : draft.perMinute;
    const chosen = Math.min(draft.perMinute, affordable);
    if (chosen < 1) return [`  # ${scenario}: left out: ${survey.pickings} ready pickings are too few for ${LOAD} of waves`];
    perMinute += chosen;
    return [`  ${scenario}: { ${rate}: ${chosen}, ${size}: ${most} }`];
  });
  return {
    lines: ["workload:", `  load: ${LOAD}`, `  warmup: ${WARMUP}`, ...lines],
    transactions: Math.ceil(perMinute * MINUTES),
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
