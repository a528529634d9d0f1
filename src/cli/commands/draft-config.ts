import type { ScenarioName } from "../../domain/load/plan.ts";
import { TARGET_PARTS } from "../../domain/target/target.ts";
import { blindSpotWords } from "../../evaluator/decision/blind-spots.ts";
import type { MissingItem, ScenarioSurvey } from "../../execution/survey-server.ts";

/** ConfigDraft is what is known about a server when its config is written. */
export interface ConfigDraft {
  readonly url: string;
  readonly version: string;
  readonly database: string;
  readonly login: string;
  /** Name of the environment variable that holds the password. */
  readonly passwordEnv: string;
  readonly locks: readonly MissingItem[];
  /** Null without a login, because the capabilities are then unknown. */
  readonly scenarios: readonly ScenarioSurvey[] | null;
}

/** The write budget leaves room for one more run of the same size. */
const BUDGET_FACTOR = 2;
const LEAST_BUDGET = 500;

/** draftConfig writes a commented peakproof.yaml for one server. The file holds no secret and gives a reason for every choice. */
export function draftConfig(draft: ConfigDraft): string {
  const { lines, transactions } = draftWorkload(draft.scenarios ?? []);
  const workload = draft.scenarios === null ? [...lines, ...UNKNOWN] : lines;
  const budget = Math.max(LEAST_BUDGET, Math.ceil((BUDGET_FACTOR * transactions) / 100) * 100);
  return `${[...headOf(draft), ...targetOf(draft, budget), "", ...workload, "", ...SCHEDULE].join("\n")}\n`;
}

const UNKNOWN = [
  "  # The scenarios that the server supports are unknown without a login: peakproof init --login-env NAME --password-env NAME",
  "  # checkout: { checkoutsPerMinute: 12, productsPerCart: 2 }",
  "  # stock-sync: { syncsPerMinute: 12, skusPerSync: 10 }",
  "  # order-import: { ordersPerMinute: 20, linesPerOrder: 4 }",
  "  # picking-wave: { wavesPerMinute: 12, pickingsPerWave: 3 }",
  "  # store-orders: { burstsPerMinute: 12, ordersPerBurst: 3 }",
];

const SCHEDULE = [
  "# One server: the releases are deployed and loaded one after the other. With a candidate above, `duet` loads both at once and needs",
  "# far less load for the same certainty.",
  "schedule: sequential",
];

function headOf({ url, version, locks }: ConfigDraft): readonly string[] {
  return [
    `# Config of peakproof for ${url} (Odoo ${version}), written by peakproof init. The file holds no secret: it names environment`,
    "# variables. docs/configuration.md lists every key; docs/connect-your-odoo.md has the steps to a first run.",
    ...locks.flatMap(({ text, remedy }) => ["#", `# BEFORE A LOAD: ${text}`, `#   ${remedy}`]),
  ];
}

function targetOf({ url, database, login, passwordEnv }: ConfigDraft, budget: number): readonly string[] {
  const { host, hostname } = new URL(url);
  return [
    "target:",
    `  name: ${quoted(hostname)}`,
    "  # Host and port of the URLs that may be loaded. Every other URL is refused.",
    `  allowed: [${quoted(host)}]`,
    "  # Most business transactions of one run. The limit protects the database from a wrong rate.",
    `  writeBudget: ${budget}`,
    "  arms:",
    "    baseline:",
    `      url: ${quoted(url)}`,
    `      database: ${quoted(database)}`,
    `      login: ${quoted(login)}`,
    `      passwordEnv: ${passwordEnv}`,
    "      # peakproof measures the cost and the cause only of the parts that it can read. Name the parts that you can, and remove their",
    "      # words from `unseen`.",
    "      # odooLog: /var/log/odoo/odoo-server.log     # odoo-log: a file on the machine of peakproof",
    "      # odooPids: [4711]                           # odoo-processes: Odoo's first process, on the machine of peakproof",
    "      # probeDsnEnv: SHOP_PROBE_DSN                # postgres: peakproof doctor --print-sql creates the role",
    "      # invariantsDsnEnv: SHOP_INVARIANTS_DSN      # business-rules: likewise",
    "      # traefikService: odoo@docker                # with traefikMetricsUrl",
    "    # A second server with the candidate, on a copy of the same database, with its own URL and database and the same user.",
    "    # candidate: { url: ..., database: ..., login: ..., passwordEnv: ... }",
    "  # redisUrlEnv: SHOP_REDIS_URL                    # redis",
    "  # traefikMetricsUrl: http://127.0.0.1:8082/metrics   # traefik",
    "  # Parts that peakproof cannot read. Gates that need them are not part of the verdict, and the verdict names them.",
    "  unseen:",
    ...TARGET_PARTS.flatMap((part) => [`    # ${blindSpotWords[part].cost}`, `    - ${part}`]),
  ];
}

/** quoted writes a JSON string, which is always a valid YAML string. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

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

/** draftWorkload lists the scenarios that the server supports; the others become comments with the reason. */
export function draftWorkload(scenarios: readonly ScenarioSurvey[]): DraftedWorkload {
  let perMinute = 0;
  const lines = scenarios.flatMap((survey) => {
    const { scenario } = survey;
    if (survey.lack !== null)
      return [`  # ${scenario}: left out: ${oneLine(survey.lack.text)}`, `  #   ${oneLine(survey.lack.remedy)}`];
    const { rate, size, ...draft } = DRAFTS[scenario];
    const isWave = scenario === "picking-wave";
    const most = draft.from === null ? draft.most : Math.min(draft.most, survey[draft.from]);
    // A wave uses up its pickings, so the rate is limited by the number of ready pickings.
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
