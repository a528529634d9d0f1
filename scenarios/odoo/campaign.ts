import http from "k6/http";
import type { ArmTarget } from "../lib/plan.ts";

/**
 * joinCampaign makes a shopper one who came by an advertisement: Odoo keeps the campaign in this cookie and writes it into the
 * cart. A cart that never gets to an address belongs to the public visitor, and nothing else would say whose it was.
 */
export function joinCampaign(target: ArmTarget, campaign: string): void {
  http.cookieJar().set(target.baseUrl, "odoo_utm_campaign", campaign);
}
