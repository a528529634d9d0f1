import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { root } from "./judge-on-lab.ts";

/** Effect is the work that a release adds to a step, as settings of bench/lab/addons/peakproof_effect. */
export interface Effect {
  /** SQL statements per confirmed order. */
  readonly statements?: number;
  /** CPU-ms and milliseconds of waiting per shop page. */
  readonly shopCpuMs?: number;
  readonly shopWaitMs?: number;
}

/** writeEffectConfig writes a copy of the repository's peakproof.yaml with releases that differ by an effect of known size. */
export function writeEffectConfig(
  path: string,
  options: { effects: Readonly<Record<string, Effect>>; policy?: Readonly<Record<string, unknown>> },
): void {
  const config: Record<string, unknown> = parse(readFileSync(join(root, "peakproof.yaml"), "utf8"));
  const releases = Object.entries(options.effects).map(([label, effect]) => [
    label,
    { addons: join(root, "bench/lab/addons"), modules: ["peakproof_effect"], environment: environmentOf(effect) },
  ]);
  const policy = options.policy === undefined ? {} : { policy: options.policy };
  writeFileSync(path, stringify({ ...config, releases: Object.fromEntries(releases), ...policy }));
}

function environmentOf({ statements = 0, shopCpuMs = 0, shopWaitMs = 0 }: Effect): Readonly<Record<string, string>> {
  return {
    PEAKPROOF_EFFECT_STATEMENTS: String(statements),
    PEAKPROOF_EFFECT_SHOP_CPU_MS: shopCpuMs.toFixed(1),
    PEAKPROOF_EFFECT_SHOP_WAIT_MS: shopWaitMs.toFixed(1),
  };
}
