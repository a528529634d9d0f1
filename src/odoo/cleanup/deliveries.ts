import { type CleanupArea, type CleanupWork, startsWithStamp } from "./cleanup-area.ts";
import { findOrders } from "./find-orders.ts";
import { findSessions } from "./find-tills.ts";
import { inChunks } from "./in-chunks.ts";
import { type Delivery, isReturned, readDeliveries } from "./read-deliveries.ts";
import { returnDelivery } from "./return-delivery.ts";

const MODEL = "stock.picking";

/**
 * deliveries are done pickings: of the run's waves, of its orders, and of its tills. What was delivered stays delivered, so the
 * goods come back.
 */
export const deliveries: CleanupArea = {
  label: "done deliveries",
  scenarios: ["picking-wave", "order-import", "checkout", "store-orders"],
  async scan(work) {
    return (await findDeliveries(work)).flatMap((delivery) => [
      { model: MODEL, id: delivery.id, name: delivery.name, irreversible: isReturned(delivery) ? "done, goods returned" : null },
      ...delivery.returns.map(({ id, name }) => ({ model: MODEL, id, name, irreversible: "done, brought goods back" })),
    ]);
  },
  async clear(work) {
    for (const delivery of await findDeliveries(work)) {
      if (isReturned(delivery)) continue;
      const ids = await inChunks(work, { model: MODEL, ids: [delivery.id] }, () => returnDelivery(work, delivery));
      work.tally.add(MODEL, "reversed", ids.length);
    }
  },
};

/** Pickings have orders, batches and tills only where the modules of the scenarios that need them are installed. */
async function findDeliveries(work: CleanupWork): Promise<readonly Delivery[]> {
  const { session, scenarios } = work;
  const origins: unknown[] = [];
  if (scenarios.includes("picking-wave")) origins.push(["batch_id.name", "=like", startsWithStamp(work)]);
  if (scenarios.includes("order-import") || scenarios.includes("checkout")) {
    origins.push(["sale_id", "in", (await findOrders(work)).map(({ id }) => id)]);
  }
  if (scenarios.includes("store-orders")) {
    origins.push(["pos_session_id", "in", (await findSessions(work)).map(({ id }) => id)]);
  }
  return readDeliveries(session, [...origins.slice(1).map(() => "|"), ...origins]);
}
