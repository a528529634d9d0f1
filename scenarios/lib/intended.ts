/**
 * A start that looks later than this many milliseconds (and than one period) means that arrivals were dropped, since k6 hands
 * a due arrival to a waiting VU at once or not at all.
 */
const LONGEST_START_LAG_MS = 1000;

/**
 * findIntendedOffset tells when this iteration was due, in milliseconds since the scenario's start.
 *
 * k6 numbers iterations as they start, so arrival n is due at n periods as long as none was dropped. After a drop the number
 * runs behind the clock; then the last due time before now is the best there is, and the run is flagged for its drops anyway.
 */
export function findIntendedOffset(options: { iteration: number; elapsedMs: number; periodMs: number }): number {
  const { iteration, elapsedMs, periodMs } = options;
  const byNumber = iteration * periodMs;
  if (elapsedMs - byNumber <= Math.max(periodMs, LONGEST_START_LAG_MS)) return byNumber;
  return Math.floor(elapsedMs / periodMs) * periodMs;
}
