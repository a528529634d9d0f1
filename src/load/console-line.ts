import { z } from "zod";

import { ARMS } from "../domain/arm.ts";
import type { LedgerRecord } from "../domain/load/ledger.ts";

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
export function readLedgerRecord(line: string): LedgerRecord | null {
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
