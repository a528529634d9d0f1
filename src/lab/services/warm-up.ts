import { readFileSync } from "node:fs";

import { HarnessError } from "../../domain/error.ts";
import { throwIfInterrupted } from "../machine/run-command.ts";

/** Rounds after which a worker without an answer is considered stuck. */
const MOST_ROUNDS = 60;
const REQUEST_TIMEOUT_MS = 120_000;

/**
 * warmUp makes an arm's workers load what they load once: registry, views, assets. It continues until each worker has answered
 * often enough, according to the pids in the access log. Both arms get the same requests.
 */
export async function warmUp(
  arm: { readonly baseUrl: string; readonly logFile: string; readonly workers: number; readonly label: string },
  signal: AbortSignal,
): Promise<void> {
  const product = findProductPath(await get(`${arm.baseUrl}/shop`, signal));
  if (product === null) {
    throw new HarnessError("cannot-measure", `Release ${arm.label}: /shop shows no product`, {
      hint: "The release's shop page has no product link. Open the page in a browser.",
    });
  }
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    throwIfInterrupted(signal);
    // As many parallel requests as there are workers, so that the kernel gives them to different workers.
    await Promise.all(
      Array.from({ length: arm.workers }, (_, index) =>
        get(arm.baseUrl + ((round + index) % 2 === 0 ? "/shop" : product), signal),
      ),
    );
    const answered = countByWorker(readFileSync(arm.logFile, "utf8"));
    if (answered.filter((count) => count >= 3).length >= arm.workers && round >= 3) return;
  }
  throw new HarnessError("cannot-measure", `Release ${arm.label}: some of the ${arm.workers} Odoo workers do not answer`, {
    hint: `Read ${arm.logFile}.`,
  });
}

/** findProductPath returns the first product of a shop page. "-12" at the end is the id, which Odoo appends to the name. */
export function findProductPath(html: string): string | null {
  return /href="(\/shop\/(?:product\/)?(?!category\/)[^"/?#]+-\d+)[?"#]/.exec(html)?.[1] ?? null;
}

/** countByWorker returns the number of shop pages that each process answered, from Odoo's access log. */
export function countByWorker(log: string): readonly number[] {
  const counts = new Map<string, number>();
  for (const match of log.matchAll(/^\S+ \S+ (\d+) INFO \S+ werkzeug: .*"GET \/shop/gm)) {
    const pid = match[1] ?? "";
    counts.set(pid, (counts.get(pid) ?? 0) + 1);
  }
  return [...counts.values()];
}

async function get(url: string, signal: AbortSignal): Promise<string> {
  const hint = "Read the arm's odoo.log in .lab/arms.";
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]) });
    const body = await answer.text();
    if (answer.status === 200) return body;
    throw new HarnessError("cannot-measure", `${url} answered ${answer.status}`, { hint });
  } catch (error) {
    throwIfInterrupted(signal);
    throw error instanceof HarnessError
      ? error
      : new HarnessError("cannot-measure", `${url} did not answer`, { hint, cause: error });
  }
}
