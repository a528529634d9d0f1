import { z } from "zod";

import { declarationOf, SCENARIO_NAMES, type ScenarioName, type SCENARIOS } from "../../domain/load/scenarios.ts";
import { TARGET_PARTS } from "../../domain/target/target.ts";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000 };

/** durationMs reads `90s`, `4m`, `4min`, `1h` or `500ms`; null where the text is no duration. */
export function durationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)$/.exec(text.trim());
  const unitMs = UNIT_MS[match?.[2] ?? ""];
  return match === null || unitMs === undefined ? null : Number(match[1]) * unitMs;
}

const duration = z
  .string()
  .refine((text) => durationMs(text) !== null, "expected a duration such as 90s, 4m or 500ms")
  .describe("A duration with its unit: 500ms, 90s, 4m, 1h");

/** environmentName is how a secret is named. */
export const environmentName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, "expected the NAME of an environment variable, never a secret itself");

const limit = z.number().positive("a margin must be above zero: no amount of load can show a change of exactly nothing");

const margin = z
  .strictObject({
    relative: limit.optional().describe("Share of the baseline, 0.02 = 2 %"),
    absolute: limit.optional().describe("In the indicator's own unit"),
  })
  .describe("The larger of the two limits counts");

const policy = z.strictObject({
  alpha: z.number().min(0.0001).max(0.2).optional(),
  equivalenceAlpha: z.number().min(0.001).max(0.2).optional(),
  resamples: z.number().int().min(200).max(20_000).optional(),
  minimumBlocks: z.number().int().min(2).optional(),
  block: duration.optional(),
  minimumAchievedRatio: z.number().min(0).max(1).optional(),
  maximumStealRatio: z.number().min(0).max(1).optional(),
  maximumForeignCpuRatio: z.number().min(0).max(1).optional(),
  maximumLoaderCpuRatio: z.number().min(0).max(1).optional(),
  calibration: z.string().optional().describe("What peakproof calibrate learned: a file, relative to this one"),
  indicators: z.record(z.string(), z.strictObject({ margin: margin.optional(), gate: z.boolean().optional() })).optional(),
});

const rate = z.number().int().positive().max(60_000);
const size = z.number().int().positive().max(1000);

type ScenarioKeys<Name extends ScenarioName> = Extract<(typeof SCENARIOS)[number], { name: Name }>["config"];

/** ScenarioConfig is the config of one scenario, with the keys that its declaration names. */
type ScenarioConfig<Name extends ScenarioName> = Record<ScenarioKeys<Name>["rate" | "size"], number> &
  (ScenarioKeys<Name> extends { share: { key: infer Key extends string } } ? { [Share in Key]?: number | undefined } : unknown);

type ScenarioShape = { [Name in ScenarioName]: z.ZodOptional<z.ZodType<ScenarioConfig<Name>>> };

/** scenarioShape derives the config of each scenario from its declaration. */
function scenarioShape(): ScenarioShape;
function scenarioShape(): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    SCENARIO_NAMES.map((name) => {
      const { config } = declarationOf(name);
      const stated =
        config.share === undefined
          ? {}
          : {
              [config.share.key]: z
                .number()
                .gt(0)
                .lt(1)
                .optional()
                .describe(`Share of ${config.share.of} among both scenarios; checked against their rates`),
            };
      return [name, z.strictObject({ [config.rate]: rate, [config.size]: size, ...stated }).optional()] as const;
    }),
  );
}

const workload = z.strictObject({
  load: duration.describe("Measured load of one run or round, without the warm-up"),
  warmup: duration,
  ...scenarioShape(),
});

const release = z.strictObject({
  addons: z.string().describe("Folder that holds the release's addons, relative to this file"),
  modules: z.array(z.string()).min(1),
  workers: z.number().int().min(1).max(64).optional(),
  cronThreads: z.number().int().min(0).max(8).optional(),
  environment: z.record(z.string(), z.string()).optional(),
});

const endpoint = z.strictObject({
  url: z.url(),
  database: z.string(),
  login: z.string(),
  passwordEnv: environmentName,
  apiKeyEnv: environmentName.optional().describe("API key of the same user: stock sync and order import use the JSON-2 API"),
  customerLoginEnv: environmentName
    .optional()
    .describe("Login of a customer of the shop (a portal user), for logged-in visitors"),
  customerPasswordEnv: environmentName.optional(),
  probeDsnEnv: environmentName.optional(),
  invariantsDsnEnv: environmentName.optional(),
  odooLog: z.string().optional(),
  odooPids: z.array(z.number().int().positive()).optional(),
  traefikService: z.string().optional(),
});

const server = z.strictObject({
  name: z.string(),
  allowed: z.array(z.string()).describe("Host:port of every URL that may be loaded; anything else is refused"),
  writeBudget: z.number().int().positive().optional().describe("Most business transactions of one run, both arms together"),
  arms: z.strictObject({ baseline: endpoint.optional(), candidate: endpoint.optional() }),
  redisUrlEnv: environmentName.optional(),
  traefikMetricsUrl: z.url().optional(),
  traefikAccessLog: z.string().optional().describe("Traefik's access log on this machine; JSON names the arm of each request"),
  unseen: z
    .array(z.enum(TARGET_PARTS))
    .optional()
    .describe("Parts that cannot be looked at: what rests on them is no gate, and the verdict says so"),
});

const lab = z.strictObject({ lab: z.enum(["native"]) });

const campaign = z.strictObject({
  max: duration.optional().describe("Most undisturbed load"),
  budget: duration.optional().describe("Most time that a campaign may take, all in all"),
});

const rest = {
  releases: z.record(z.string(), release).optional(),
  workload,
  schedule: z.enum(["duet", "slots", "sequential"]).optional(),
  seed: z.number().int().min(0).max(2_147_483_647).optional(),
  campaign: campaign.optional(),
  policy: policy.optional(),
};

/** labConfigSchema and serverConfigSchema are split so that a mistake is reported against the one shape that was meant. */
export const labConfigSchema = z.strictObject({ target: lab, ...rest });

export const serverConfigSchema = z.strictObject({ target: server, ...rest });

/** Config is `peakproof.yaml` after the check; its JSON Schema is published as docs/peakproof.schema.json. */
export type Config = z.infer<typeof labConfigSchema> | z.infer<typeof serverConfigSchema>;

export type ServerTarget = z.infer<typeof server>;

export type WorkloadConfig = z.infer<typeof workload>;

export type CampaignConfig = z.infer<typeof campaign>;

export type PolicyConfig = z.infer<typeof policy>;
