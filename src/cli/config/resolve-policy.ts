import type { Policy } from "../../domain/policy.ts";
import type { Margin } from "../../domain/indicator.ts";
import { durationMs } from "./duration.ts";
import type { PolicyConfig } from "./schema.ts";

/** resolvePolicy puts what the config says over the defaults. */
export function resolvePolicy(config: PolicyConfig | undefined, defaults: Policy): Policy {
  if (config === undefined) return defaults;
  const { block, indicators, ...numbers } = config;
  return {
    ...defaults,
    ...withoutUndefined(numbers),
    blockMs: (block === undefined ? null : durationMs(block)) ?? defaults.blockMs,
    indicators: { ...defaults.indicators, ...overrides(indicators ?? {}) },
  };
}

function overrides(config: NonNullable<PolicyConfig["indicators"]>): Policy["indicators"] {
  const result: Record<string, { margin?: Partial<Margin>; gate?: boolean }> = {};
  for (const [id, { margin, gate }] of Object.entries(config)) {
    result[id] = {
      ...(margin === undefined ? {} : { margin: withoutUndefined(margin) }),
      ...(gate === undefined ? {} : { gate }),
    };
  }
  return result;
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

function withoutUndefined<Value extends object>(value: Value): Partial<Defined<Value>> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<Defined<Value>>;
}
