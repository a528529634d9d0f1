import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { ReleaseSpec } from "../../domain/target/release.ts";
import { type Account, type ArmEndpoint, namedFor, type Target } from "../../domain/target/target.ts";
import { unknownWord } from "../terminal/words.ts";
import type { Config, ServerTarget } from "./schema.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * resolveTarget reads the secrets a server target names and refuses every URL whose host and port are not in `allowed`.
 * It runs before anything is sent.
 */
export function resolveTarget(config: ServerTarget, environment: Environment): Target {
  const arms: Partial<Record<Arm, ArmEndpoint>> = {};
  for (const arm of ARMS) {
    const endpoint = config.arms[arm];
    if (endpoint === undefined) continue;
    refuseUnlisted(endpoint.url, config.allowed, `target.arms.${arm}.url`);
    arms[arm] = {
      baseUrl: endpoint.url.replace(/\/+$/, ""),
      database: endpoint.database,
      login: endpoint.login,
      password: secret(endpoint.passwordEnv, environment),
      apiKey: endpoint.apiKeyEnv === undefined ? null : secret(endpoint.apiKeyEnv, environment),
      customer: readCustomer(endpoint, { arm, environment }),
      probeDsn: endpoint.probeDsnEnv === undefined ? null : secret(endpoint.probeDsnEnv, environment),
      invariantsDsn: endpoint.invariantsDsnEnv === undefined ? null : secret(endpoint.invariantsDsnEnv, environment),
      odooLog: endpoint.odooLog ?? null,
      odooPids: endpoint.odooPids ?? [],
      traefikService: endpoint.traefikService ?? null,
    };
  }
  const target: Target = {
    name: config.name,
    arms,
    redisUrl: config.redisUrlEnv === undefined ? null : secret(config.redisUrlEnv, environment),
    traefikMetricsUrl: config.traefikMetricsUrl ?? null,
    traefikAccessLog: config.traefikAccessLog ?? null,
    ...(config.writeBudget === undefined ? {} : { writeBudget: config.writeBudget }),
    unseen: config.unseen ?? [],
  };
  refuseSeen(target);
  return target;
}

/** readCustomer reads the account of the customer; null where the config names none. */
function readCustomer(
  { customerLoginEnv: login, customerPasswordEnv: password }: NonNullable<ServerTarget["arms"][Arm]>,
  { arm, environment }: { arm: Arm; environment: Environment },
): Account | null {
  if (login !== undefined && password !== undefined) {
    return { login: secret(login, environment), password: secret(password, environment) };
  }
  if (login === undefined && password === undefined) return null;
  const [named, missing] =
    login === undefined ? ["customerPasswordEnv", "customerLoginEnv"] : ["customerLoginEnv", "customerPasswordEnv"];
  throw new HarnessError("usage", `target.arms.${arm} names ${named} without ${missing}`, {
    hint: `Add ${missing}, or remove ${named}: then every visitor is a guest.`,
    place: ["target", "arms", arm, named],
  });
}

/** A part that is both configured and declared unseen is refused: it would be measured and then not judged. */
function refuseSeen(target: Target): void {
  const seen = target.unseen?.find((part) => namedFor(target, part) !== "none");
  if (seen === undefined) return;
  throw new HarnessError("usage", `target.unseen declares ${seen}, and the target names it`, {
    hint: `Take ${seen} out of target.unseen, or take out what names it; docs/configuration.md says what that is.`,
    place: ["target", "unseen"],
  });
}

function refuseUnlisted(url: string, allowed: readonly string[], key: string): void {
  const { host } = new URL(url);
  if (allowed.includes(host)) return;
  throw new HarnessError("usage", `${key}: ${host} is not allow-listed; nothing was sent`, {
    hint: `If ${host} may really be loaded, add it to target.allowed (now: ${allowed.join(", ") || "empty"}).`,
  });
}

function secret(name: string, environment: Environment): string {
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  throw new HarnessError("usage", `the environment variable ${name} is not set`, {
    hint: `Set ${name} before the call; secrets are never written into peakproof.yaml.`,
  });
}

const DEFAULT_WORKERS = 2;

/** resolveRelease finds a release of the config by its label; paths are relative to the config file. */
export function resolveRelease(config: Config, label: string, configPath: string): ReleaseSpec {
  const releases = config.releases ?? {};
  const release = Object.hasOwn(releases, label) ? releases[label] : undefined;
  if (release === undefined) throw unknownWord("release", label, Object.keys(releases));
  const addonsPath = resolve(dirname(configPath), release.addons);
  if (!existsSync(addonsPath)) {
    throw new HarnessError("usage", `${configPath}: releases.${label}.addons names ${release.addons}, which does not exist`, {
      hint: "Give the folder that holds the addons of that release, relative to the config file.",
    });
  }
  return {
    label,
    addonsPath,
    modules: release.modules,
    settings: {
      workers: release.workers ?? DEFAULT_WORKERS,
      cronThreads: release.cronThreads ?? 0,
      environment: release.environment ?? {},
    },
  };
}
