import type { ServerFacts } from "./server-facts.ts";

/** orderLock tells whether orders bear a lock (`locked`, from 17 on) that has to be taken off before they can be cancelled. */
export const orderLock = {
  asks: { fields: { "sale.order": ["locked"] } },
  pick: ({ fields }: ServerFacts): boolean => fields.get("sale.order")?.has("locked") === true,
};
