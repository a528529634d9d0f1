import type { Arm } from "../../domain/arm.ts";
import type { ArmTime } from "../../domain/judgement/causes.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import type { RatioEntry } from "../estimate.ts";
import { type MeanDifference, meanDifference } from "./mean-difference.ts";
import { byArmAndBlock, type PlacedRows } from "./placed-rows.ts";

/** ArmDifferences are times of whole arms, in ms per request of any step; null where a reading is missing. */
export interface ArmDifferences {
  /** Time in Odoo as its log has it: Python and SQL. */
  readonly busy: MeanDifference | null;
  readonly python: MeanDifference | null;
  readonly sql: MeanDifference | null;
  /** CPU time of Odoo's processes. */
  readonly cpu: MeanDifference | null;
  /** Python time beyond CPU time: waiting for something that is not SQL, or for a CPU. */
  readonly idle: MeanDifference | null;
  /** Before the ingress handed requests on, and after it had the answers. */
  readonly ingress: MeanDifference | null;
  /** Between the ingress and Odoo's own clock. */
  readonly behindIngress: MeanDifference | null;
  readonly lockWaits: MeanDifference | null;
  readonly io: MeanDifference | null;
}

/** armDifferences compares whole arms, in the blocks that nothing disturbed. */
export function armDifferences(evidence: Evidence): ArmDifferences {
  const rows = byArmAndBlock(evidence.causes?.armTimes ?? [], evidence.blocks);
  const logged = (value: (row: ArmTime) => number | null) => compare(rows, (row) => [value(row), row.logged]);
  const python = logged(({ pythonMs }) => pythonMs);
  return {
    busy: logged(({ pythonMs, sqlMs }) => pythonMs + sqlMs),
    python,
    sql: logged(({ sqlMs }) => sqlMs),
    cpu: logged(({ odooCpuMs }) => odooCpuMs),
    idle: logged(({ pythonMs, odooCpuMs }) => (odooCpuMs === null ? null : pythonMs - odooCpuMs)),
    ingress: ingressOf(rows),
    behindIngress: behindIngressOf(rows),
    lockWaits: logged(({ lockWaitMs }) => lockWaitMs),
    io: logged(({ ioMs }) => ioMs),
  };
}

/** Both clocks count the same requests, but for those on an edge; each is a mean over its own count. */
function ingressOf(rows: PlacedRows<ArmTime>): MeanDifference | null {
  return compare(rows, ({ requests, clientMs, serviceRequests, serviceMs }) =>
    serviceMs === null || !((serviceRequests ?? 0) > 0)
      ? [null, 0]
      : [clientMs - (serviceMs / (serviceRequests ?? 1)) * requests, requests],
  );
}

function behindIngressOf(rows: PlacedRows<ArmTime>): MeanDifference | null {
  return compare(rows, ({ logged, pythonMs, sqlMs, serviceRequests, serviceMs }) =>
    serviceMs === null || !((serviceRequests ?? 0) > 0)
      ? [null, 0]
      : [(serviceMs / (serviceRequests ?? 1)) * logged - pythonMs - sqlMs, logged],
  );
}

type Read = (row: ArmTime) => readonly [sum: number | null, count: number];

/** A block in which either arm's reading is missing is left out in both. */
function compare({ entries }: PlacedRows<ArmTime>, read: Read): MeanDifference | null {
  const ratios = (arm: Arm): (RatioEntry | null)[] =>
    entries[arm].map((row) => {
      const [numerator, denominator] = row === null ? [null, 0] : read(row);
      return numerator === null ? null : { numerator, denominator };
    });
  const [baseline, candidate] = [ratios("baseline"), ratios("candidate")];
  const whole = baseline.flatMap((left, index) => {
    const right = candidate[index] ?? null;
    return left === null || right === null ? [] : [{ left, right }];
  });
  return meanDifference({ baseline: whole.map(({ left }) => left), candidate: whole.map(({ right }) => right) });
}
