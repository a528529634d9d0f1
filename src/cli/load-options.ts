import { HarnessError } from "../domain/error.ts";
import { type ParsedArguments, text } from "./command.ts";

/** LOAD_OPTIONS are shared by the commands that load a target. */
export const LOAD_OPTIONS = {
  config: { type: "string" },
  load: { type: "string" },
  seed: { type: "string" },
  out: { type: "string" },
} as const;

export const LOAD_HELP = `  --config FILE        [default: peakproof.yaml]
  --load DURATION      measured load, such as 90s or 4m [default: workload.load of the config]
  --seed NUMBER        of the choice of data and of the order of arms [default: seed of the config]
  --out FOLDER         [default: reports/<date and names>]
`;

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
