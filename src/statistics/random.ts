/** Random draws a number in [0, 1). */
export type Random = () => number;

/**
 * seededRandom makes a repeatable generator: sfc32 (Chris Doty-Humphrey, PractRand), its 128-bit state filled from the seed
 * by splitmix32 so that neighbouring seeds give unrelated streams.
 */
export function seededRandom(seed: number): Random {
  // Seeds above 32 bits keep their upper half.
  const next = splitmix32((seed ^ Math.floor(seed / 2 ** 32)) >>> 0);
  let [a, b, c] = [next(), next(), next()];
  let counter = 1;
  const draw = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) draw();
  return draw;
}

/** standardNormal draws from N(0, 1) by the Box-Muller transform. */
export function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

function splitmix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}
