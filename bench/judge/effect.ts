import type { Random } from "../../src/statistics/random.ts";

/** Effect is what differs from the same release twice: a change of the candidate, or one of the host that both arms share. */
export type Effect =
  | { readonly kind: "none" }
  | { readonly kind: "shift"; readonly factor: number }
  /** A share of requests takes `addedMs` longer: a lock, a cold cache, a slow worker. */
  | { readonly kind: "tail"; readonly share: number; readonly addedMs: number }
  /** Variance of ln(value) times `factor`, around an unchanged middle. */
  | { readonly kind: "variance"; readonly factor: number }
  /** Half as slow again at first, and as before after 15 % of the campaign. */
  | { readonly kind: "warm-up" }
  /** The host becomes 30 % slower half-way, for both arms. */
  | { readonly kind: "host-step" }
  /** Slower and slower, up to `factor` at the end. */
  | { readonly kind: "leak"; readonly factor: number }
  | { readonly kind: "errors"; readonly share: number }
  /** A share of transactions never ends. */
  | { readonly kind: "lost-work"; readonly share: number };

/** Draw is one arm of one run; null is a transaction that never ended. */
export type Draw = readonly (number | null)[];

/**
 * applyEffect changes the values of one arm of one run; `place` says where in the campaign a value lies, from 0 to 1.
 * `middle` is the value of a typical request.
 */
export function applyEffect(
  effect: Effect,
  values: readonly number[],
  options: { candidate: boolean; middle: number; random: Random; place: (index: number) => number },
): Draw {
  const { candidate, middle, random, place } = options;
  if (effect.kind === "host-step") return values.map((value, index) => value * (place(index) >= 0.5 ? 1.3 : 1));
  if (!candidate) return values;
  const change = changeOf(effect, { middle, random });
  return values.map((value, index) => change(value, place(index)));
}

/** changeOf is what becomes of one value of the candidate at a place in the campaign. */
function changeOf(
  effect: Effect,
  { middle, random }: { middle: number; random: Random },
): (value: number, place: number) => number | null {
  if (effect.kind === "shift") return (value) => value * effect.factor;
  if (effect.kind === "tail") return (value) => (random() < effect.share ? value + effect.addedMs : value);
  if (effect.kind === "variance") return (value) => middle * (value / middle) ** Math.sqrt(effect.factor);
  if (effect.kind === "warm-up") return (value, place) => value * (1 + 0.5 * Math.max(0, 1 - place / 0.15));
  if (effect.kind === "leak") return (value, place) => value * (1 + (effect.factor - 1) * place);
  if (effect.kind === "lost-work") return (value) => (random() < effect.share ? null : value);
  return (value) => value;
}
