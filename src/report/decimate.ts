import type { TimelineSeries } from "../domain/judgement/timeline.ts";

type Points = TimelineSeries["points"];

/**
 * decimatePoints keeps at most `most` points and every peak: each stretch of time leaves its lowest and its highest value, in
 * their order. A mean would hide the very second that a reader looks for. A stretch without any value stays a gap.
 */
export function decimatePoints(points: Points, most: number): Points {
  if (points.length <= most) return points;
  const size = Math.ceil(points.length / Math.floor(most / 2));
  const kept: (readonly [number, number | null])[] = [];
  for (let start = 0; start < points.length; start += size) {
    const stretch = points.slice(start, start + size);
    const lowest = extreme(stretch, -1);
    const highest = extreme(stretch, 1);
    const pair = lowest === highest ? [lowest] : [lowest, highest].toSorted((a, b) => a - b);
    for (const index of pair) {
      const point = stretch[index];
      if (point !== undefined) kept.push(point);
    }
  }
  return kept;
}

/** extreme finds the index of the largest value (of the smallest for sign -1); 0 where there is none. */
function extreme(points: Points, sign: 1 | -1): number {
  let best = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (const [index, [, value]] of points.entries()) {
    if (value === null || sign * value <= bestValue) continue;
    best = index;
    bestValue = sign * value;
  }
  return best;
}
