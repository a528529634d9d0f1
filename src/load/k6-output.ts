import { z } from "zod";

import { ARMS } from "../domain/arm.ts";
import type { LedgerRecord } from "../domain/load/ledger.ts";
import { tailFile } from "../files/tail.ts";

/** readLedger collects the ledger records from k6's console log. A line that was cut when k6 was killed is left out. */
export async function readLedger(consoleLog: string): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  await tailFile(consoleLog, { mayBeAbsent: true }).read((text) => {
    const line = readConsoleLine(text);
    if (line.kind === "record") records.push(line.record);
  });
  return records;
}

/**
 * readWholeLedger collects what a bundle knows of what its run made. `created.ndjson` is written when k6 has ended, so after a
 * harness that was killed only the console log has it. Records that stand in both come once.
 */
export async function readWholeLedger(files: { readonly created: string; readonly consoleLog: string }): Promise<LedgerRecord[]> {
  const records = new Map<string, LedgerRecord>();
  const add = (record: LedgerRecord) => void records.set(`${record.ledger} ${record.ref}`, record);
  for (const record of await readLedger(files.consoleLog)) add(record);
  await tailFile(files.created, { mayBeAbsent: true }).read((text) => {
    const record = readLedgerRecord(text);
    if (record !== null) add(record);
  });
  return [...records.values()];
}

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
  const samples = tailFile(options.csv, { mayBeAbsent: true });
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

const ledgerRecord = z.object({
  ledger: z.enum(["intent", "created", "done"]),
  runId: z.string(),
  arm: z.enum(ARMS),
  scenario: z.string(),
  model: z.string(),
  id: z.number().nullable(),
  ref: z.string(),
  detail: z.record(z.string(), z.union([z.number(), z.string()])),
});

/** With `--log-format json` k6 wraps each message of the script, and each of its own, in an object. */
const logLine = z.object({ level: z.string(), msg: z.string() });

/** ConsoleLine is one line of k6's log: a ledger record, an error of k6 or of a script, or anything else. */
export type ConsoleLine =
  | { readonly kind: "record"; readonly record: LedgerRecord }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "other" };

/** readConsoleLine reads a line of k6's log; what is cut or foreign is `other`. */
export function readConsoleLine(line: string): ConsoleLine {
  const outer = logLine.safeParse(jsonOrNull(line));
  if (!outer.success) return { kind: "other" };
  const { level, msg } = outer.data;
  if (level === "error" || level === "fatal") return { kind: "error", text: msg.split("\n")[0] ?? msg };
  const record = readLedgerRecord(msg);
  return record === null ? { kind: "other" } : { kind: "record", record };
}

/** readLedgerRecord reads a line of `created.ndjson`; null for what is cut or foreign. */
function readLedgerRecord(line: string): LedgerRecord | null {
  const record = ledgerRecord.safeParse(jsonOrNull(line));
  return record.success ? record.data : null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
