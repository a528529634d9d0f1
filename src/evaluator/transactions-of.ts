import type { Arm } from "../domain/arm.ts";
import type { Evidence } from "../domain/judgement/evidence.ts";

/** transactionsOf counts the good transactions of one arm, warm-up included: of one service, or of all where it is null. */
export function transactionsOf({ transactions }: Evidence, arm: Arm, service: string | null): number {
  return transactions
    .filter((entry) => entry.arm === arm && (service === null || entry.service === service))
    .reduce((total, { count }) => total + count, 0);
}
