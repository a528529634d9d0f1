import { z } from "zod";
import { OdooFault } from "../odoo-fault.ts";
import type { OdooSession } from "../odoo-session.ts";

/** countTills counts the points of sale; null where the module is not installed. */
export async function countTills(session: OdooSession): Promise<number | null> {
  try {
    return await session.call({ model: "pos.config", method: "search_count", args: [[]] }, z.number());
  } catch (error) {
    if (error instanceof OdooFault) return null;
    throw error;
  }
}
