import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

/** simulator tells which module simulates payments: the older one works on acquirers, the newer one on providers. */
export const simulator: Picker<"simulator"> = {
  name: "simulator",
  scenarios: ["checkout"],
  asks: { modules: ["payment_test", "payment_demo"], fields: { "payment.transaction": ["provider_id", "acquirer_id"] } },
  pick({ modules, fields, server }) {
    const transaction = fields.get("payment.transaction");
    if (transaction?.has("provider_id") === true && modules.has("payment_demo")) return "demo";
    if (transaction?.has("acquirer_id") === true && modules.has("payment_test")) return "test";
    const module = transaction?.has("acquirer_id") === true ? "payment_test" : "payment_demo";
    throw missingCapability("simulator", { module, lacks: `the module ${module} is not installed`, server });
  },
};
