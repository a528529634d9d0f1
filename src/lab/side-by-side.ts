import type { Progress } from "../domain/progress.ts";

interface Lane {
  name: string;
  endMs: number | null;
}

/**
 * sideBySide splits one progress among works that run at the same time. What is shown is the names of all that run, and the time
 * until the last of them is expected to end.
 */
export function sideBySide(
  progress: Progress,
  count: number,
  now: () => number = Date.now,
): readonly (Progress & { end(): void })[] {
  const lanes: (Lane | null)[] = Array.from({ length: count }, () => null);
  const show = () => {
    const running = lanes.filter((lane) => lane !== null);
    if (running.length === 0) return;
    const ends = running.flatMap(({ endMs }) => (endMs === null ? [] : [endMs]));
    progress.stage(
      running.map(({ name }) => name).join(" + "),
      ends.length === 0 ? null : Math.max(0, Math.max(...ends) - now()),
    );
  };
  return lanes.map((_, index) => ({
    stage: (name, expectedMs) => {
      lanes[index] = { name, endMs: expectedMs === null ? null : now() + expectedMs };
      show();
    },
    // A share of one of several says nothing about the whole.
    update: (fraction, detail) => progress.update(lanes.filter((lane) => lane !== null).length === 1 ? fraction : null, detail),
    note: (text) => progress.note(text),
    end: () => {
      const wasRunning = lanes[index] !== null;
      lanes[index] = null;
      if (wasRunning) show();
    },
  }));
}
