import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

/** simulator tells which module simulates payments: the older one works on acquirers, the newer one on providers. */
export const simulator: Picker<"simulator"> = {
  name: "simulator",
  scenarios: ["checkout"],
  asks: { modules: ["payment_test", "payment_demo"], fields: { "payment.provider": ["code"], "payment.acquirer": ["provider"] } },
  pick({ modules, fields, server }) {
    if (fields.has("payment.provider") && modules.has("payment_demo")) return "demo";
    if (fields.has("payment.acquirer") && modules.has("payment_test")) return "test";
    const module = fields.has("payment.acquirer") ? "payment_test" : "payment_demo";
    throw missingCapability("simulator", { module, lacks: `the module ${module} is not installed`, server });
  },
};
