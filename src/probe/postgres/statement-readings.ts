import type { Arm } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";
import { observe } from "../observe.ts";
import { normaliseStatement } from "./normalise-statement.ts";
import type { StatementTextsRow } from "./sql/statement-texts.ts";

type Use = Omit<StatementTextsRow, "database" | "text">;

const NOTHING: Use = { calls: 0, exec_ms: 0, rows: 0, blocks: 0, wal_bytes: 0 };

/** statementReadings adds up the entries that share a normalised text, since the server keeps one for each length of a list. */
export function statementReadings(
  rows: readonly StatementTextsRow[],
  arms: ReadonlyMap<string, Arm>,
  timeMs: number,
): readonly Reading[] {
  const uses = new Map<Arm, Map<string, Use>>();
  for (const row of rows) {
    const arm = arms.get(row.database);
    if (arm === undefined) continue;
    const ofArm = uses.get(arm) ?? new Map<string, Use>();
    uses.set(arm, ofArm);
    const statement = normaliseStatement(row.text);
    ofArm.set(statement, add(ofArm.get(statement) ?? NOTHING, row));
  }
  return [...uses].flatMap(([arm, ofArm]) =>
    [...ofArm].flatMap(([statement, use]) =>
      observe(
        { timeMs, arm, probe: "postgres", labels: { statement } },
        {
          statement_calls: use.calls,
          statement_exec_ms: use.exec_ms,
          statement_rows: use.rows,
          statement_blocks: use.blocks,
          statement_wal_bytes: use.wal_bytes,
        },
      ),
    ),
  );
}

function add(left: Use, right: Use): Use {
  return {
    calls: left.calls + right.calls,
    exec_ms: left.exec_ms + right.exec_ms,
    rows: left.rows + right.rows,
    blocks: left.blocks + right.blocks,
    wal_bytes: left.wal_bytes + right.wal_bytes,
  };
}
