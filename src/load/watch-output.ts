import { tailLines } from "./line-tail.ts";

/** k6 writes its CSV once a second. */
const EVERY_MS = 1000;

/** LoadProgress is how far the load is: 0 to 1 of its time, and the transactions that have ended. */
export interface LoadProgress {
  readonly fraction: number;
  readonly transactions: number;
  readonly failed: number;
}

/** watchOutput counts transactions in the CSV that k6 is writing, for people who wait. */
export function watchOutput(options: {
  csv: string;
  loadMs: number;
  startedMs: number;
  onProgress: (progress: LoadProgress) => void;
}): { stop(): void } {
  const samples = tailLines(options.csv);
  let transactions = 0;
  let failed = 0;
  let looking = false;
  const look = async () => {
    await samples.read((line) => {
      if (!line.startsWith("peakproof_transaction,")) return;
      transactions += 1;
      if (!/outcome=ok\b/.test(line)) failed += 1;
    });
    options.onProgress({ fraction: Math.min(1, (Date.now() - options.startedMs) / options.loadMs), transactions, failed });
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    // Progress is not worth a run: where the file cannot be read, the reading of the bundle says so afterwards.
    void look()
      .catch(() => {})
      .finally(() => {
        looking = false;
      });
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
