import type { LedgerRecord } from "../domain/load/ledger.ts";
import { readConsoleLine, readLedgerRecord } from "./console-line.ts";
import { tailLines } from "./line-tail.ts";

/** readLedger collects the ledger records from k6's console log. A line that was cut when k6 was killed is left out. */
export async function readLedger(consoleLog: string): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  await tailLines(consoleLog).read((text) => {
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
  await tailLines(files.created).read((text) => {
    const record = readLedgerRecord(text);
    if (record !== null) add(record);
  });
  return [...records.values()];
}
