import type { PerArm } from "./arm.ts";
import type { TargetPart } from "./target-part.ts";

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
  /** Parts that the config declares to be out of sight; the target names none of them. */
  readonly unseen?: readonly TargetPart[];
}
