import type { ValidityFact } from "../../domain/evidence.ts";
import type { RunEvent } from "../disturbance/run-event.ts";

/** candidateEvents names what happened in the candidate alone: it was left in the figures, and may explain them. */
export function candidateEvents(events: readonly RunEvent[]): ValidityFact[] {
  const sums = new Map<string, { count: number; ms: number }>();
  for (const { origin } of events) {
    if (origin?.from !== "candidate") continue;
    const sum = sums.get(origin.what) ?? { count: 0, ms: 0 };
    if (origin.unit === "ms") sum.ms += origin.amount;
    else sum.count += origin.amount;
    sums.set(origin.what, sum);
  }
  if (sums.size === 0) return [];
  const parts = [...sums].map(([what, { count, ms }]) =>
    ms > 0 ? `${what} (${(ms / 1000).toFixed(1)} s)` : `${what} (${count})`,
  );
  return [
    {
      code: "candidate-events",
      severity: "info",
      text: `in the candidate alone, and left in its figures: ${parts.join(", ")}`,
      remedy: "Find out whether the release causes them. If they came from elsewhere, run again without them.",
    },
  ];
}
