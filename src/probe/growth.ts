/** Growth adds up how much a figure rose, from zero at the first look; a fall (a restart, a forgotten part) adds nothing. */
export interface Growth {
  /** Looks at the figure and gives the sum so far. */
  next(value: number): number;
}

export function growth(): Growth {
  let last: number | null = null;
  let sum = 0;
  return {
    next(value) {
      sum += Math.max(0, value - (last ?? value));
      last = value;
      return sum;
    },
  };
}
