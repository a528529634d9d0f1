/** Look is one moment's size of a backlog. */
export interface Look {
  readonly timeMs: number;
  readonly size: number;
}

/** Fewest looks that make a trend. */
const FEWEST_LOOKS = 3;

/**
 * drainMinutes says in how many minutes a backlog will be gone if it goes on falling as it did over the looks: its size over the
 * slope of a straight line through them. Null where it grows, or did not fall by as much as one thing.
 */
export function drainMinutes(looks: readonly Look[]): number | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (last.size === 0) return 0;
  if (looks.length < FEWEST_LOOKS) return null;
  const meanMs = looks.reduce((sum, { timeMs }) => sum + timeMs, 0) / looks.length;
  const meanSize = looks.reduce((sum, { size }) => sum + size, 0) / looks.length;
  const spread = looks.reduce((sum, { timeMs }) => sum + (timeMs - meanMs) ** 2, 0);
  if (spread === 0) return null;
  const perMs = looks.reduce((sum, { timeMs, size }) => sum + (timeMs - meanMs) * (size - meanSize), 0) / spread;
  const fallen = -perMs * (last.timeMs - first.timeMs);
  return fallen < 1 ? null : last.size / -perMs / 60_000;
}
