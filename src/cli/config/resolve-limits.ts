import { HarnessError } from "../../domain/error.ts";
import type { Workload } from "../../domain/load/plan.ts";
import type { Schedule } from "../../domain/load/run.ts";
import type { CampaignLimits } from "../../execution/campaign-limits.ts";
import { durationMs } from "./duration.ts";
import type { CampaignConfig } from "./schema.ts";

/** Three pairs of runs are the fewest that show how runs differ. */
const FEWEST_PAIRS = 3;

const DEFAULTS = { max: "6m", budget: "20m" } as const;

/** LimitWords are the limits as they were written on the command line. */
export interface LimitWords {
  readonly max: string | undefined;
  readonly budget: string | undefined;
  readonly isFixed: boolean;
  readonly pairs: number | undefined;
}

/** resolveLimits says when a campaign must end: the command line first, then the config, then the defaults. */
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
        hint: "Raise --max, or shorten the rounds with --min; --load gives a campaign of fixed length.",
      },
    );
  }
  return { ...limits, maximumLoadMs: Math.max(maximumLoadMs, leastMs) };
}

function readDuration(name: string, text: string): number {
  const ms = durationMs(text);
  if (ms !== null && ms > 0) return ms;
  throw new HarnessError("usage", `--${name} ${text} is not a duration`, { hint: "Write 90s, 4m or 1h." });
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
