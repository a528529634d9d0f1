import { batches } from "./batches.ts";
import type { CleanupArea } from "./cleanup-area.ts";
import { counts } from "./counts.ts";
import { deliveries } from "./deliveries.ts";
import { histories } from "./histories.ts";
import { mails } from "./mails.ts";
import { orders } from "./orders.ts";
import { payments } from "./payments.ts";
import { shoppers } from "./shoppers.ts";
import { tills } from "./tills.ts";

/** AREAS are in the order in which they must go: what names other records before what it names. */
export const AREAS: readonly CleanupArea[] = [mails, payments, batches, tills, deliveries, orders, counts, shoppers, histories];
