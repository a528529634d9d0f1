import { doneQuantity } from "./done-quantity.ts";
import { movedQuantity } from "./moved-quantity.ts";
import { orderNumber } from "./order-number.ts";
import { processedPayment } from "./processed-payment.ts";
import { reservedQuantity } from "./reserved-quantity.ts";
import { saleLineUnit } from "./sale-line-unit.ts";
import { scrappedMove } from "./scrapped-move.ts";
import { storableProduct } from "./storable-product.ts";
import { type UnitConversion, unitConversion } from "./unit-conversion.ts";
import type { Columns } from "./columns.ts";

/**
 * ShopSchema is what the rules have to say in another way from one version of Odoo to the next, as SQL. Each is picked by the
 * columns that are there; the newer one first, since an upgraded database may keep columns that Odoo no longer writes.
 */
export interface ShopSchema {
  readonly storableProduct: string;
  readonly doneQuantity: string;
  readonly reservedQuantity: string;
  readonly movedQuantity: string;
  readonly scrappedMove: string;
  readonly saleLineUnit: string;
  readonly unitConversion: UnitConversion;
  readonly processedPayment: string;
  readonly orderNumber: string;
}

/** shopSchema picks what a database with these columns needs. */
export function shopSchema(columns: Columns): ShopSchema {
  return {
    storableProduct: storableProduct(columns),
    doneQuantity: doneQuantity(columns),
    reservedQuantity: reservedQuantity(columns),
    movedQuantity: movedQuantity(columns),
    scrappedMove: scrappedMove(columns),
    saleLineUnit: saleLineUnit(columns),
    unitConversion: unitConversion(columns),
    processedPayment: processedPayment(columns),
    orderNumber: orderNumber(columns),
  };
}
