import { Writable } from "node:stream";

import { expect, test } from "vitest";

import { type Clock, terminalProgress } from "../../src/cli/terminal/progress.ts";
import { timeLeftMs } from "../../src/domain/progress.ts";

test("time left comes from the expectation until a tenth is done", () => {
  expect(timeLeftMs(2000, 0.05, 60_000)).toBe(58_000);
});

test("time left comes from the share done after that", () => {
  expect(timeLeftMs(30_000, 0.25, 60_000)).toBe(90_000);
});

test("nothing is promised where nothing is known", () => {
  expect(timeLeftMs(2000, null, null)).toBeNull();
});

test("a stage that takes longer than expected has no estimate, and never zero", () => {
  expect(timeLeftMs(60_000, null, 60_000)).toBeNull();
  expect(timeLeftMs(90_000, 1, 60_000)).toBeNull();
});

/** A clock that goes on when the test says so. */
function steppedClock(): Clock & { advance(ms: number): void } {
  let nowMs = 0;
  const timers: { every: number; tick: () => void; nextMs: number }[] = [];
  return {
    now: () => nowMs,
    every(every, tick) {
      const timer = { every, tick, nextMs: nowMs + every };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (let due = timers[0]; due !== undefined && due.nextMs <= endMs; due = timers[0]) {
        nowMs = due.nextMs;
        due.nextMs += due.every;
        due.tick();
      }
      nowMs = endMs;
    },
  };
}

/** What a progress prints where stderr is no terminal. */
function printed(
  work: (progress: ReturnType<typeof terminalProgress>, clock: ReturnType<typeof steppedClock>) => void,
): string[] {
  const lines: string[] = [];
  const err = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk).trimEnd()), done()) });
  const clock = steppedClock();
  work(terminalProgress(err, clock), clock);
  return lines;
}

test("without a terminal a long stage prints a line every 30 s, with its share and the time left", () => {
  const lines = printed((progress, clock) => {
    progress.stage("Building traefik from source", 100_000);
    clock.advance(10_000);
    progress.update(null, "212 modules downloaded");
    clock.advance(25_000);
    progress.update(0.25, "300 of at most 1200 packages compiled");
    clock.advance(30_000);
    progress.end();
    clock.advance(100_000);
  });
  expect(lines).toEqual([
    "Building traefik from source (about 1 min 40 s)",
    "Building traefik from source · 212 modules downloaded · about 70 s left",
    "Building traefik from source · 25 % · 300 of at most 1200 packages compiled · about 3 min 0 s left",
  ]);
});

test("no line claims that no time is left while the stage goes on", () => {
  const lines = printed((progress, clock) => {
    progress.stage("Shop database", 45_000);
    clock.advance(30_000);
    progress.update(0.999, "module 58 of 58: sale");
    clock.advance(60_000);
    progress.update(1, "module 58 of 58: sale");
    clock.advance(30_000);
    progress.end();
  });
  expect(lines).toEqual([
    "Shop database (about 45 s)",
    "Shop database · about 15 s left",
    "Shop database · 99 % · module 58 of 58: sale · about 1 s left",
    "Shop database · 99 % · module 58 of 58: sale · about 1 s left",
    "Shop database · 100 % · module 58 of 58: sale · longer than expected",
  ]);
});

test("a new stage begins its own 30 s", () => {
  const lines = printed((progress, clock) => {
    progress.stage("first", null);
    clock.advance(20_000);
    progress.stage("second", null);
    clock.advance(29_000);
    progress.end();
  });
  expect(lines).toEqual(["first", "second"]);
});
