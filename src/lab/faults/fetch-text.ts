/** Longer than any fault holds a single request. */
const TIMEOUT_MS = 30_000;

/** fetchText gets a page, redirects not followed, and how long it took. */
export async function fetchText(
  url: string,
  signal?: AbortSignal,
): Promise<{ readonly status: number; readonly text: string; readonly elapsedMs: number }> {
  const startedMs = performance.now();
  const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])];
  const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.any(signals) });
  const text = await answer.text();
  return { status: answer.status, text, elapsedMs: performance.now() - startedMs };
}
