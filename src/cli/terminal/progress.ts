import { type Progress, timeLeftMs } from "../../domain/progress.ts";
import type { Streams } from "./command.ts";

const REDRAW_MS = 200;
/** Without a terminal a stage prints one line at its start, and one more each time that this long has gone by. */
const LINE_EVERY_MS = 30_000;
const LONGEST_LINE = 110;

/** Clock is the time and the timer of a progress. Tests give one of their own. */
export interface Clock {
  now(): number;
  /** Calls `tick` again and again until the returned function is called. */
  every(ms: number, tick: () => void): () => void;
}

const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  every(ms, tick) {
    const timer = setInterval(tick, ms);
    // A progress alone does not keep the program alive.
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Stage is what is going on, and what was last said about it. */
interface Stage {
  readonly name: string;
  readonly startMs: number;
  readonly expectedMs: number | null;
  readonly share: number | null;
  readonly detail: string;
  readonly leftMs: number | null | undefined;
}

/**
 * terminalProgress shows one line that is redrawn: stage, share done, detail, time left. Without a terminal it prints a line at the
 * start of each stage and every 30 s while the stage goes on.
 */
export function terminalProgress(err: Streams["err"], clock: Clock = SYSTEM_CLOCK): Progress & { end(): void } {
  const isTerminal = err.isTTY === true;
  let stage: Stage | null = null;
  let lastDrawMs = 0;
  let isLineOpen = false;
  let stopTicking: (() => void) | null = null;

  const clear = () => {
    if (isLineOpen) err.write("\r\u001B[K");
    isLineOpen = false;
  };
  const draw = () => {
    if (stage === null) return;
    const line = describeStage(stage, clock.now());
    if (isTerminal) err.write(`\r\u001B[K${line.slice(0, LONGEST_LINE)}`);
    else err.write(`${line}\n`);
    isLineOpen = isTerminal;
  };

  return {
    stage(name, expectedMs) {
      clear();
      stage = { name, startMs: clock.now(), expectedMs, share: null, detail: "", leftMs: undefined };
      if (isTerminal) draw();
      else err.write(`${name}${expectedMs === null ? "" : ` (about ${formatSeconds(expectedMs)})`}\n`);
      stopTicking?.();
      stopTicking = isTerminal ? null : clock.every(LINE_EVERY_MS, draw);
    },
    update(share, detail, leftMs) {
      if (stage !== null) stage = { ...stage, share, detail, leftMs };
      if (!isTerminal || clock.now() - lastDrawMs < REDRAW_MS) return;
      lastDrawMs = clock.now();
      draw();
    },
    note(text) {
      clear();
      err.write(`${text}\n`);
    },
    end() {
      clear();
      stage = null;
      stopTicking?.();
      stopTicking = null;
    },
  };
}

/** describeStage is one line: name, share, detail, and the time left. The time left is never zero while the stage goes on. */
function describeStage({ name, startMs, expectedMs, share, detail, leftMs }: Stage, nowMs: number): string {
  const elapsedMs = nowMs - startMs;
  const left = leftMs === undefined ? timeLeftMs(elapsedMs, share, expectedMs) : leftMs;
  const parts = [name];
  if (share !== null) parts.push(`${Math.floor(share * 100)} %`);
  if (detail !== "") parts.push(detail);
  if (left !== null) parts.push(`about ${formatSeconds(left)} left`);
  else if (expectedMs !== null && elapsedMs >= expectedMs) parts.push("longer than expected");
  return parts.join(" · ");
}

/** formatSeconds rounds up, so that a short time left does not read as none. */
function formatSeconds(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
