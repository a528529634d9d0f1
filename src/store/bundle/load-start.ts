import type { BundlePaths } from "./bundle-paths.ts";
import { numberOrNull, withDatabase } from "../files/database.ts";
import { loadOwnSamples } from "./own-samples.ts";

/**
 * measureLoadStart finds when k6 began to send: the earliest intended start. k6 itself starts earlier, by the time that its
 * set-up and logins take. Null where nothing was sent.
 */
export async function measureLoadStart(paths: BundlePaths): Promise<number | null> {
  return withDatabase(async (database) => {
    await loadOwnSamples(database, paths, "samples");
    const [row] = await database.rows(
      `select min(case metric when 'peakproof_transaction' then "timeMs" - value else "timeMs" end) as "startMs"
      from samples where metric in ('peakproof_transaction', 'iterations')`,
      { startMs: numberOrNull },
    );
    return row?.startMs ?? null;
  });
}
