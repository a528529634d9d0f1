import type { Progress } from "../../domain/progress.ts";
import type { Streams } from "./command.ts";

const REDRAW_MS = 200;

/**
 * terminalProgress shows one line that is redrawn: what, share done, detail, time left. Without a terminal it prints one line
 * per stage.
 */
export function terminalProgress(err: Streams["err"], now: () => number = Date.now): Progress & { end(): void } {
  const isTerminal = err.isTTY === true;
  let stageName = "";
  let stageStartMs = 0;
  let stageExpectedMs: number | null = null;
  let lastDrawMs = 0;
  let isLineOpen = false;

  const clear = () => {
    if (isLineOpen) err.write("\r\u001B[K");
    isLineOpen = false;
  };
  const draw = (fraction: number | null, detail: string) => {
    const left = timeLeftMs(now() - stageStartMs, fraction, stageExpectedMs);
    const parts = [stageName];
    if (fraction !== null) parts.push(`${Math.round(fraction * 100)} %`);
    if (detail !== "") parts.push(detail);
    if (left !== null) parts.push(`${formatSeconds(left)} left`);
    err.write(`\r\u001B[K${parts.join(" · ").slice(0, 110)}`);
    isLineOpen = true;
  };

  return {
    stage(name, expectedMs) {
      clear();
      stageName = name;
      stageStartMs = now();
      stageExpectedMs = expectedMs;
      if (isTerminal) draw(null, "");
      else err.write(`${name}${expectedMs === null ? "" : ` (about ${formatSeconds(expectedMs)})`}\n`);
    },
    update(fraction, detail) {
      if (!isTerminal || now() - lastDrawMs < REDRAW_MS) return;
      lastDrawMs = now();
      draw(fraction, detail);
    },
    note(text) {
      clear();
      err.write(`${text}\n`);
    },
    end: clear,
  };
}

/** timeLeftMs prefers what the fraction says once a tenth is done, and the expectation before that. */
export function timeLeftMs(elapsedMs: number, fraction: number | null, expectedMs: number | null): number | null {
  if (fraction !== null && fraction >= 0.1) return (elapsedMs / fraction) * (1 - fraction);
  return expectedMs === null ? null : Math.max(0, expectedMs - elapsedMs);
}

function formatSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
