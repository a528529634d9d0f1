import { HarnessError } from "../domain/error.ts";
import type { Plan } from "../domain/load/plan.ts";
import { plannedArrivals } from "./planned-arrivals.ts";

/** checkShopData refuses a plan for which the target's shop holds too little, before anything is sent. */
export function checkShopData(plan: Plan): void {
  const { data, scenarios, capabilities } = plan;
  const checkout = scenarios["checkout"];
  const sync = scenarios["stock-sync"];
  const orders = scenarios["order-import"];
  const wave = scenarios["picking-wave"];
  const bursts = scenarios["store-orders"];
  if (checkout !== undefined) {
    need("published products with stock", data.products.length, checkout.size, "products for one cart");
    need("simulated payment providers", data.providerId > 0 ? 1 : 0, 1, "published provider in test mode");
    if (capabilities.payment === "method") {
      need("payment methods of that provider", data.paymentMethodId > 0 ? 1 : 0, 1, "active payment method");
    }
    if (capabilities.delivery === "method") {
      need("delivery methods", data.carrierId > 0 ? 1 : 0, 1, "published delivery method of a fixed price or of rules");
    }
  }
  if (sync !== undefined) {
    need("published products with stock", data.products.length, sync.size, "products for one stock sync");
    need("stock locations", data.stockLocations.length, 1, "location");
  }
  if (orders !== undefined) {
    need("published products with stock", data.products.length, orders.size, "products for one order");
    need("customers", data.partners.length, 1, "customer");
  }
  if (wave !== undefined) {
    const pickings = plannedArrivals(plan, "picking-wave").pairs * wave.size;
    need("ready pickings", data.pickings.length, pickings, "pickings in each arm for warm-up and load");
  }
  if (bursts !== undefined) {
    need("tills without an open session", data.store.tills.length, 1, "till with a payment method that takes no cash");
    need("products of the tills with stock", data.store.products.length, 1, "product");
  }
}

function need(what: string, found: number, needed: number, purpose: string): void {
  if (found >= needed) return;
  throw new HarnessError("cannot-measure", `the target has ${found} ${what}; the workload needs ${needed} ${purpose}`, {
    hint: `Add them to the target, or lower the workload so that ${found} are enough.`,
  });
}
