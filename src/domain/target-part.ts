/** TARGET_PARTS are what a target may show of itself beside the answers to its requests. */
export const TARGET_PARTS = ["odoo-log", "odoo-processes", "postgres", "business-rules", "redis", "traefik"] as const;

/** TargetPart is one of them: `postgres` is the server's statistics, `business-rules` what only the shop's own tables tell. */
export type TargetPart = (typeof TARGET_PARTS)[number];

/** UnseenPart is a part at which a run does not look, because the target does not name it for every arm. */
export interface UnseenPart {
  readonly part: TargetPart;
  /** `target.unseen` says so beforehand: what rests on the part is then no gate. Otherwise its gates stay, without data. */
  readonly declared: boolean;
}
