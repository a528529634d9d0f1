import type { PlanRequest } from "../../src/load/compile-plan.ts";

/** shopRequest asks for a plan for a shop that has enough of everything. */
export function shopRequest(changes: Partial<PlanRequest> = {}): PlanRequest {
  const endpoint = { baseUrl: "http://127.0.0.1:8069", database: "shop", login: "api", password: "s3cret-in-endpoint" };
  return {
    runId: "t1",
    seed: 20261121,
    schedule: { kind: "duet" },
    arms: { baseline: endpoint, candidate: endpoint },
    workload: { loadMs: 120_000, warmupMs: 20_000, scenarios: { "order-import": { perMinute: 24, size: 6 } } },
    capabilities: { cart: "form", address: "page", delivery: "none", confirm: "step", payment: "acquirer", simulator: "test" },
    data: {
      products: Array.from({ length: 40 }, (_, index) => ({
        id: index + 1,
        templateId: index + 1,
        path: `/shop/p-${index + 1}`,
        price: 10,
      })),
      partners: [7, 8, 9],
      stockLocations: [8],
      pickings: Array.from({ length: 100 }, (_, index) => 1000 + index),
      pickingTypeId: 2,
      providerId: 14,
      paymentMethodId: 0,
      carrierId: 0,
      countryId: 20,
      store: {
        cashierId: 2,
        tills: [{ configId: 1, pricelistId: 1, paymentMethodId: 2 }],
        products: [{ id: 1, price: 10, taxIds: [], amounts: [{ untaxed: 10, total: 10 }] }],
      },
    },
    ...changes,
  };
}
