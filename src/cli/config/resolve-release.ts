import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import type { ReleaseSpec } from "../../domain/target/release.ts";
import { unknownWord } from "../unknown-word.ts";
import type { Config } from "./schema.ts";

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
