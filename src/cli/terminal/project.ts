import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { type CommandContext, type ParsedArguments, text } from "./command.ts";

/** packageFolder is where peakproof itself is installed; scenarios and fixtures lie there. */
export const packageFolder = fileURLToPath(new URL("../../..", import.meta.url));

/** Project is the config file of a command, and the folder of `.lab` and `reports`. */
export interface Project {
  readonly configPath: string;
  readonly folder: string;
}

/** locateProject takes the config named by --config, else peakproof.yaml of the current folder. */
export function locateProject(parsed: ParsedArguments, { cwd }: Pick<CommandContext, "cwd">): Project {
  const configPath = resolve(cwd, text(parsed, "config") ?? "peakproof.yaml");
  return { configPath, folder: existsSync(configPath) ? dirname(configPath) : cwd };
}
