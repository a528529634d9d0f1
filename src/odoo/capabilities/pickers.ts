import type { CapabilityName } from "../../domain/target/capabilities.ts";
import { address } from "./address.ts";
import { api } from "./api.ts";
import { cart } from "./cart.ts";
import { confirm } from "./confirm.ts";
import { delivery } from "./delivery.ts";
import { payment } from "./payment.ts";
import type { Picker } from "./picker.ts";
import { picking } from "./picking.ts";
import { reserved } from "./reserved.ts";
import { simulator } from "./simulator.ts";
import { stockCount } from "./stock-count.ts";
import { storable } from "./storable.ts";
import { storeOrders } from "./store-orders.ts";
import { tillClosing } from "./till-closing.ts";

/** PICKERS has one picker for each capability, in the order in which people read them. */
export const PICKERS: readonly { readonly [Name in CapabilityName]: Picker<Name> }[CapabilityName][] = [
  cart,
  address,
  delivery,
  confirm,
  payment,
  simulator,
  storable,
  stockCount,
  reserved,
  picking,
  storeOrders,
  tillClosing,
  api,
];
