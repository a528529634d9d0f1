import { HarnessError } from "../../domain/error.ts";
import type { ScenarioLoad, ScenarioName, Workload } from "../../domain/load/plan.ts";
import type { Schedule } from "../../domain/load/run.ts";
import type { ShareOfOther } from "../../domain/load/scenario-declaration.ts";
import { declarationOf, SCENARIO_NAMES } from "../../domain/load/scenarios.ts";
import type { CampaignLimits } from "../../execution/campaign-limits.ts";
import { type ParsedArguments, text } from "../terminal/command.ts";
import { type CampaignConfig, durationMs, type WorkloadConfig } from "./schema.ts";

/** resolveWorkload converts the workload of the config; `load` from the command line replaces the configured load. */
export function resolveWorkload(config: WorkloadConfig, load: string | undefined): Workload {
  const scenarios: Partial<Record<ScenarioName, ScenarioLoad>> = {};
  for (const name of SCENARIO_NAMES) {
    const values: ScenarioValues | undefined = config[name];
    if (values === undefined) continue;
    const { rate, size, share } = declarationOf(name).config;
    scenarios[name] = { perMinute: values[rate] ?? 0, size: values[size] ?? 0 };
    if (share !== undefined) checkShare(config, { name, share });
  }
  if (Object.keys(scenarios).length === 0) {
    throw new HarnessError("usage", "the workload names no scenario", {
      hint: `Give at least one of ${SCENARIO_NAMES.join(", ")} under \`workload\`.`,
    });
  }
  return { loadMs: duration(load ?? config.load), warmupMs: duration(config.warmup), scenarios };
}

type ScenarioValues = Readonly<Record<string, number | undefined>>;

/** Difference between the stated and the real rate that is accepted: one transaction per minute, or 10 %, whichever is larger. */
const SHARE_TOLERANCE = { absolute: 1, relative: 0.1 };

/** checkShare refuses a stated share that disagrees with the two rates. The share is other / (other + own). */
function checkShare(config: WorkloadConfig, { name, share }: { name: ScenarioName; share: ShareOfOther }): void {
  const ownKey = declarationOf(name).config.rate;
  const own: ScenarioValues = config[name] ?? {};
  const [stated, ownRate = 0] = [own[share.key], own[ownKey]];
  if (stated === undefined) return;
  const place = ["workload", name, share.key];
  const expected = (stated / (1 - stated)) * ownRate;
  const otherKey = declarationOf(share.of).config.rate;
  const other: ScenarioValues | undefined = config[share.of];
  const otherRate = other?.[otherKey];
  const rounded = Math.max(1, Math.round(expected));
  if (otherRate === undefined) {
    const message = `\`workload.${name}.${share.key}\` is ${stated}, and the workload names no ${share.of}`;
    const hint = `Add \`workload.${share.of}\` with ${rounded} ${otherKey}, or remove ${share.key}.`;
    throw new HarnessError("usage", message, { hint, place });
  }
  if (Math.abs(otherRate - expected) <= Math.max(SHARE_TOLERANCE.absolute, SHARE_TOLERANCE.relative * expected)) return;
  const message =
    `\`workload.${name}.${share.key}\` is ${stated}: ${ownRate} ${ownKey} go with ${Number(expected.toFixed(1))} ${otherKey}, ` +
    `and \`workload.${share.of}\` names ${otherRate}`;
  const real = Number((otherRate / (otherRate + ownRate)).toFixed(3));
  const hint = `Set ${otherKey} to ${rounded}, or ${share.key} to ${real}, or change ${ownKey}.`;
  throw new HarnessError("usage", message, { hint, place });
}

function duration(word: string): number {
  const ms = durationMs(word);
  if (ms === null) {
    throw new HarnessError("usage", `\`${word}\` is not a duration`, { hint: "Write 90s, 4m or 1h." });
  }
  return ms;
}

/** Three pairs of runs are the fewest that show the noise between runs. */
const FEWEST_PAIRS = 3;

const DEFAULTS = { max: "6m", budget: "20m" } as const;

/** LimitWords are the limits as given on the command line. */
export interface LimitWords {
  readonly max: string | undefined;
  readonly budget: string | undefined;
  readonly isFixed: boolean;
  readonly pairs: number | undefined;
}

/** resolveLimits decides when a campaign must end: the command line comes first, then the config, then the defaults. */
export function resolveLimits(
  config: CampaignConfig | undefined,
  words: LimitWords,
  campaign: { schedule: Schedule["kind"]; workload: Workload },
): CampaignLimits {
  const { schedule, workload } = campaign;
  const firstLook = schedule === "sequential" ? (words.pairs ?? FEWEST_PAIRS) : 1;
  const maximumLoadMs = readDuration("max", words.max ?? config?.max ?? DEFAULTS.max);
  const budgetMs = readDuration("budget", words.budget ?? config?.budget ?? DEFAULTS.budget);
  const limits = { firstLook, maximumLoadMs, budgetMs, isFixed: words.isFixed };
  if (limits.isFixed) return limits;
  const leastMs = firstLook * workload.loadMs;
  if (maximumLoadMs < leastMs && (words.max !== undefined || config?.max !== undefined)) {
    throw new HarnessError(
      "usage",
      `campaign.max is ${seconds(maximumLoadMs)}, less than the ${seconds(leastMs)} before the first look`,
      {
        hint: "Raise --max, or shorten the rounds with --round; --load gives a campaign of fixed length.",
      },
    );
  }
  return { ...limits, maximumLoadMs: Math.max(maximumLoadMs, leastMs) };
}

function readDuration(name: string, word: string): number {
  const ms = durationMs(word);
  if (ms !== null && ms > 0) return ms;
  throw new HarnessError("usage", `--${name} ${word} is not a duration`, { hint: "Write 90s, 4m or 1h." });
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

/** LOAD_OPTIONS are shared by the commands that load a target. */
export const LOAD_OPTIONS = {
  config: { type: "string" },
  load: { type: "string" },
  seed: { type: "string" },
  out: { type: "string" },
} as const;

export const LOAD_HELP = `  --config FILE        [default: peakproof.yaml]
  --load DURATION      measured load, such as 90s or 4m [default: workload.load of the config]
  --seed NUMBER        seed of the choice of data and of the order of arms [default: seed of the config]
  --out FOLDER         [default: reports/<date and names>]
`;

/** ROUND_OPTIONS name the load of one round. `--min` is the older name of `--round`, and stays. */
export const ROUND_OPTIONS = { round: { type: "string" }, min: { type: "string" } } as const;

/** roundOf reads the load of one round from the command line; undefined where it is not given. */
export function roundOf(parsed: ParsedArguments): string | undefined {
  const [round, alias] = [text(parsed, "round"), text(parsed, "min")];
  if (round !== undefined && alias !== undefined && round !== alias) {
    throw new HarnessError("usage", `--round ${round} and --min ${alias} contradict each other`, {
      hint: "Give --round alone: --min is its older name.",
    });
  }
  return round ?? alias;
}

/** readNumber reads an option that is a whole number from `minimum` on. */
export function readNumber(parsed: ParsedArguments, name: string, options: { default: number; minimum: number }): number {
  const word = text(parsed, name);
  if (word === undefined) return options.default;
  const value = Number(word);
  if (Number.isInteger(value) && value >= options.minimum) return value;
  throw new HarnessError("usage", `--${name} ${word} is not a whole number from ${options.minimum} on`, {
    hint: `Give --${name} a number.`,
  });
}
