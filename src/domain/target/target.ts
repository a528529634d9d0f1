import { ARMS, type PerArm } from "../arm.ts";

/** Account is a login with its password. */
export interface Account {
  readonly login: string;
  readonly password: string;
}

/** ArmEndpoint is where one arm is reached. Passwords are resolved from the environment before they get here. */
export interface ArmEndpoint {
  /** Base URL through the ingress, without a trailing slash. */
  readonly baseUrl: string;
  /** Host header or database selector is never needed: each arm has its own URL and database. */
  readonly database: string;
  readonly login: string;
  readonly password: string;
  /** API key of the same user, for the JSON-2 API; absent or null where other systems log in. */
  readonly apiKey?: string | null;
  /** A customer of the shop (a portal user) for logged-in visitors; absent or null where all visitors are guests. */
  readonly customer?: Account | null;
  /** PostgreSQL connection of the probe role; null where there is none. */
  readonly probeDsn: string | null;
  /** PostgreSQL connection of the read-only invariants role; null where there is none. */
  readonly invariantsDsn: string | null;
  readonly odooLog: string | null;
  /** Process ids whose CPU (with their children's) belongs to this arm's Odoo. */
  readonly odooPids: readonly number[];
  /** Traefik service name, such as `odoo-baseline@file`. */
  readonly traefikService: string | null;
}

/** Target is one Odoo deployment as the harness reaches it. */
export interface Target {
  readonly name: string;
  readonly arms: Partial<PerArm<ArmEndpoint>>;
  readonly redisUrl: string | null;
  readonly traefikMetricsUrl: string | null;
  /** Traefik's access log (JSON or CLF) on this machine; absent or null where there is none. */
  readonly traefikAccessLog?: string | null;
  /** Most business transactions of one run, both arms and warm-up included; absent where nothing caps them. */
  readonly writeBudget?: number;
  /** Parts that the config declares as unobservable. The target names none of them. */
  readonly unseen?: readonly TargetPart[];
}

/** TARGET_PARTS are the parts of a target that may be observable in addition to the answers to requests. */
export const TARGET_PARTS = ["odoo-log", "odoo-processes", "postgres", "business-rules", "redis", "traefik"] as const;

/** TargetPart is such a part: `postgres` is the server's statistics, `business-rules` are the tables of the shop. */
export type TargetPart = (typeof TARGET_PARTS)[number];

/** UnseenPart is a part that a run does not observe, because the target does not name it for every arm. */
export interface UnseenPart {
  readonly part: TargetPart;
  /** True where `target.unseen` declares it: indicators that need the part are then no gates. Otherwise the gates stay, without data. */
  readonly declared: boolean;
}

/** unseenParts lists the parts that a run against the target does not observe. */
export function unseenParts(target: Target): readonly UnseenPart[] {
  return TARGET_PARTS.filter((part) => namedFor(target, part) !== "all").map((part) => ({
    part,
    declared: target.unseen?.includes(part) ?? false,
  }));
}

/** namedFor is whether the target names a part for all of its arms, for some, or for none. */
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
