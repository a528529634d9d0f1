/** PROBE_ROLE reads PostgreSQL's statistics; INVARIANTS_ROLE reads business tables. Neither can write. */
export const PROBE_ROLE = "peakproof_probe";
export const INVARIANTS_ROLE = "peakproof_invariants";
