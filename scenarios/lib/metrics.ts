import { Trend } from "k6/metrics";

/** Time of one step in ms: waiting for a connection, the request, and for the first step the late start. Tags: name, outcome. */
export const stepTime = new Trend("peakproof_step", true);

/** Time of one transaction in ms, from the moment it was due to its end, failed ones too. Tag: outcome. */
export const transactionTime = new Trend("peakproof_transaction", true);

/** How late k6 began an iteration, in ms. */
export const startLag = new Trend("peakproof_start_lag", true);

/**
 * How old a stock figure was when the shop showed it, or a till's order when Odoo had it, in ms: from the moment it was due. Only of
 * what arrived.
 */
export const freshness = new Trend("peakproof_freshness", true);
