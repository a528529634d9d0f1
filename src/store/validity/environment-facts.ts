import type { ValidityFact } from "../../domain/evidence.ts";
import type { Arrangement } from "../evidence/arranged-runs.ts";
import { armDifferences } from "./arm-differences.ts";
import { candidateEvents } from "./candidate-events.ts";
import type { Database } from "../files/database.ts";
import type { RunEvent } from "../disturbance/run-event.ts";
import { statementEvictions } from "./statement-evictions.ts";

/** environmentFacts says what the readings tell of the surroundings beyond the blocks that were left out. */
export async function environmentFacts(
  database: Database,
  arrangement: Arrangement,
  events: readonly RunEvent[],
): Promise<ValidityFact[]> {
  return [...(await armDifferences(database, arrangement)), ...candidateEvents(events), ...(await statementEvictions(database))];
}
