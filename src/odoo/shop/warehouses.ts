import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { idOf, manyToOne, searchRead } from "../search-read.ts";

export interface Warehouse {
  readonly name: string;
  /** Internal location that holds its stock. */
  readonly stockLocation: number;
  /** Operation type of its deliveries to customers. */
  readonly deliveryType: number;
}

const shape = z.object({ name: z.string(), lot_stock_id: manyToOne, out_type_id: manyToOne });

export async function readWarehouses(session: OdooSession): Promise<readonly Warehouse[]> {
  const fields = ["name", "lot_stock_id", "out_type_id"];
  const found = await searchRead(session, { model: "stock.warehouse", domain: [], fields }, shape);
  return found.flatMap(({ name, lot_stock_id, out_type_id }) => {
    const [stockLocation, deliveryType] = [idOf(lot_stock_id), idOf(out_type_id)];
    return stockLocation === null || deliveryType === null ? [] : [{ name, stockLocation, deliveryType }];
  });
}
