import type { LedgerRecord } from "../domain/ledger.ts";
import { readConsoleLine } from "./console-line.ts";
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
