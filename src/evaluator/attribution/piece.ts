import type { AddedPart } from "../../domain/judgement/evaluation.ts";

/** Piece is a part of the added time with what decides whether it may explain anything. */
export interface Piece extends AddedPart {
  /** What it was measured as stands out from its own noise. */
  readonly isCredible: boolean;
}

/** clampTo keeps a part within what there is to explain, and on the same side of zero. */
export function clampTo(value: number, room: number): number {
  if (value * room <= 0) return 0;
  return Math.sign(room) * Math.min(Math.abs(value), Math.abs(room));
}
