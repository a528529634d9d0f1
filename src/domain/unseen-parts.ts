import { ARMS } from "./arm.ts";
import type { Target } from "./target.ts";
import { TARGET_PARTS, type TargetPart, type UnseenPart } from "./target-part.ts";

/** unseenParts lists what a run against the target will not see. */
export function unseenParts(target: Target): readonly UnseenPart[] {
  return TARGET_PARTS.filter((part) => namedFor(target, part) !== "all").map((part) => ({
    part,
    declared: target.unseen?.includes(part) ?? false,
  }));
}

/** namedFor says whether the target names a part for all of its arms, for some, or for none. */
export function namedFor(target: Target, part: TargetPart): "all" | "some" | "none" {
  if (part === "redis") return target.redisUrl === null ? "none" : "all";
  if (part === "traefik") return target.traefikMetricsUrl === null ? "none" : "all";
  const arms = ARMS.flatMap((arm) => target.arms[arm] ?? []);
  const named = arms.filter(({ odooLog, odooPids, probeDsn, invariantsDsn }) => {
    if (part === "odoo-log") return odooLog !== null;
    if (part === "odoo-processes") return odooPids.length > 0;
    return (part === "postgres" ? probeDsn : invariantsDsn) !== null;
  });
  if (named.length === 0) return "none";
  return named.length === arms.length ? "all" : "some";
}
