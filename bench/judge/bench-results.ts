import type { Cell } from "./cell.ts";
import type { ConfidenceResult } from "./confidence.ts";
import type { CountPower } from "./counts.ts";
import type { EffectResult } from "./effects.ts";
import type { FalseAlarms, RepeatedAlarms } from "./false-alarms.ts";
import type { FamilyResult } from "./families.ts";
import type { LooksResult } from "./looks.ts";
import type { NeighbourCheck } from "./neighbour-check.ts";
import type { PowerOfCell } from "./power.ts";
import type { RecordedJudgement } from "./recorded.ts";
import type { SafetyResult } from "./safety.ts";

/** BenchResults is all that the report and the pictures are made of. */
export interface BenchResults {
  readonly repetitions: number;
  readonly full: boolean;
  readonly alarms: readonly FalseAlarms[];
  readonly repeated: readonly RepeatedAlarms[];
  readonly power: readonly { readonly name: string; readonly cell: Cell; readonly found: PowerOfCell }[];
  readonly effects: readonly EffectResult[];
  readonly families: readonly FamilyResult[];
  readonly looks: readonly LooksResult[];
  readonly counts: readonly CountPower[];
  readonly confidence: ConfidenceResult;
  readonly safety: SafetyResult;
  readonly neighbour: NeighbourCheck;
  readonly recorded: readonly RecordedJudgement[];
}
