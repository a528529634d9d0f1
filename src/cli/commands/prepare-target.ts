import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Progress } from "../../domain/progress.ts";
import type { Release, ReleaseSpec } from "../../domain/target/release.ts";
import { serveInLab } from "../../execution/lab-arms.ts";
import type { PreparedTarget } from "../../execution/perform-run.ts";
import { ensureK6 } from "../../lab/lab-entries.ts";
import { labUp } from "../../lab/lab-up.ts";
import { stopArms } from "../../lab/prepare-arms.ts";
import { readServerVersion } from "../../odoo/connection/server.ts";
import type { Config, ServerTarget } from "../config/schema.ts";
import { resolveRelease, resolveTarget } from "../config/target.ts";
import type { CommandContext } from "../terminal/command.ts";
import type { Project } from "../terminal/project.ts";

/** LoadableTarget is what a loading command needs: the path of k6, a function that starts arms, and one that stops them. */
export interface LoadableTarget {
  readonly k6: string;
  prepare(arms: readonly Arm[]): Promise<PreparedTarget>;
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly config: Config;
  readonly project: Project;
  readonly labels: Readonly<Partial<Record<Arm, string>>>;
  readonly context: CommandContext;
  readonly progress: Progress;
}

/** prepareTarget opens the target of the config: it starts the lab, or checks that the server is in the list of allowed hosts. */
export async function prepareTarget(options: TargetOptions): Promise<LoadableTarget> {
  const { config, project, context, progress } = options;
  const lab = { projectDir: project.folder, signal: context.signal, progress };
  if (!("lab" in config.target)) return serverTarget(config.target, options, await ensureK6(lab));
  const specs: Partial<Record<Arm, ReleaseSpec>> = {};
  for (const arm of ARMS) {
    const label = options.labels[arm];
    if (label !== undefined) specs[arm] = resolveRelease(config, label, project.configPath);
  }
  const state = await labUp(lab);
  return {
    k6: state.entries.k6,
    prepare: (arms) => serveInLab(lab, Object.fromEntries(arms.map((arm) => [arm, specs[arm]]))),
    close: () => stopArms({ ...lab, signal: new AbortController().signal }),
  };
}

function serverTarget(config: ServerTarget, { context, labels }: TargetOptions, k6: string): LoadableTarget {
  const target = resolveTarget(config, context.environment);
  return {
    k6,
    async prepare(arms) {
      const releases: Partial<Record<Arm, Release>> = {};
      for (const arm of arms) {
        const endpoint = target.arms[arm];
        if (endpoint === undefined) continue;
        const { version } = await readServerVersion(endpoint.baseUrl);
        releases[arm] = { label: labels[arm] ?? arm, identity: { odoo: version } };
      }
      const chosen = Object.fromEntries(arms.map((arm) => [arm, target.arms[arm]]));
      return { target: { ...target, arms: chosen }, releases, otherPids: {}, settings: {} };
    },
    close: async () => {},
  };
}
