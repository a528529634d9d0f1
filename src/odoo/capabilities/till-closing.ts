import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

/** tillClosing tells who closes a till's session: from Odoo 15 on the till itself, which also keeps notes of its opening. */
export const tillClosing: Picker<"tillClosing"> = {
  name: "tillClosing",
  scenarios: ["store-orders"],
  asks: { fields: { "pos.session": ["opening_notes", "state"] } },
  pick({ fields, server }) {
    const session = fields.get("pos.session");
    if (session?.has("opening_notes") === true) return "counted";
    if (session?.has("state") === true) return "button";
    throw missingCapability("tillClosing", { module: "point_of_sale", lacks: "there is no pos.session", server });
  },
};
