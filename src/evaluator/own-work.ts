import type { IndicatorKind } from "../domain/judgement/indicator.ts";

interface Kind {
  readonly kind: IndicatorKind;
  readonly unit: string;
}

/**
 * isOwnWork tells what a release does itself (statements, rows, blocks, bytes, its own CPU time) from how long it takes. A busy
 * neighbour slows a statement down and does not make two of it, and takes CPU time from others without using theirs, so work is
 * judged on disturbed blocks and under missed load too. CPU-ms per request spread .032 beside a noisy neighbour and .034 without
 * one (sequential runs of 80 s of one release), where latencies spread .5 to .8 instead of .04 to .08. Servers that are not warm yet
 * do other work than later, so cold blocks count for nothing.
 */
export function isOwnWork({ kind }: Kind): boolean {
  return kind === "work";
}

/** isCountedWork tells work that is counted one by one, and so known exactly, from CPU time. */
export function isCountedWork({ kind, unit }: Kind): boolean {
  return kind === "work" && unit !== "ms";
}
