import { declarationOf, SCENARIOS } from "../../domain/load/scenarios.ts";
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
  ...SCENARIOS.map(
    ({ name, config, draft }) => `  # ${name}: { ${config.rate}: ${draft.perMinute}, ${config.size}: ${draft.size} }`,
  ),
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
    "      # customerLoginEnv: SHOP_CUSTOMER_LOGIN      # a portal user: some visitors of `browse` are logged in",
    "      # customerPasswordEnv: SHOP_CUSTOMER_PASSWORD",
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

/** DraftedWorkload is the workload of a config as lines of YAML, and how much it writes at most. */
interface DraftedWorkload {
  readonly lines: readonly string[];
  readonly transactions: number;
}

/** draftWorkload lists the scenarios that the server supports; the others become comments with the reason. */
function draftWorkload(scenarios: readonly ScenarioSurvey[]): DraftedWorkload {
  let perMinute = 0;
  const lines = scenarios.flatMap((survey) => {
    const { scenario } = survey;
    if (survey.missing !== null)
      return [`  # ${scenario}: left out: ${oneLine(survey.missing.text)}`, `  #   ${oneLine(survey.missing.remedy)}`];
    const { config, draft, takes, unit, writes } = declarationOf(scenario);
    const most = takes === null ? draft.size : Math.min(draft.size, survey[takes.from]);
    // Data that a transaction uses up limits the number of transactions of one run.
    const affordable = takes?.usedUp === true ? Math.floor(survey[takes.from] / most / MINUTES) : draft.perMinute;
    const chosen = Math.min(draft.perMinute, affordable);
    if (chosen < 1 && takes !== null)
      return [`  # ${scenario}: left out: ${survey[takes.from]} ready ${takes.from} are too few for ${LOAD} of ${unit}s`];
    if (Object.keys(writes(most)).length > 0) perMinute += chosen;
    return [`  ${scenario}: { ${config.rate}: ${chosen}, ${config.size}: ${most} }`];
  });
  return {
    lines: ["workload:", `  load: ${LOAD}`, `  warmup: ${WARMUP}`, ...lines],
    transactions: Math.ceil(perMinute * MINUTES),
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
