import { ADDON_FAULTS } from "./addon-faults.ts";
import { CONNECTION_EXHAUSTION } from "./connection-exhaustion.ts";
import { CONTROLS } from "./controls.ts";
import { CRON_OVERLAP } from "./cron-overlap.ts";
import { DATABASE_FAULTS } from "./database-faults.ts";
import { FEWER_WORKERS } from "./fewer-workers.ts";
import { IDLE_TRANSACTION } from "./idle-transaction.ts";
import { INGRESS_FAULTS } from "./ingress-faults.ts";
import type { LabFault } from "./lab-fault.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { SESSION_FAULTS } from "./session-faults.ts";

/** FAULTS is the catalogue of the drill, layer by layer; the controls come last. */
export const FAULTS: readonly LabFault[] = [
  ...ADDON_FAULTS,
  FEWER_WORKERS,
  CRON_OVERLAP,
  ...SESSION_FAULTS,
  ...DATABASE_FAULTS,
  IDLE_TRANSACTION,
  CONNECTION_EXHAUSTION,
  ...REDIS_FAULTS,
  ...INGRESS_FAULTS,
  ...CONTROLS,
];
