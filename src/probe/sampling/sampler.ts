import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import type { ProbeRecord } from "../../domain/load/run.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import { reasonOf } from "./finding.ts";
import { observe } from "./readings.ts";

export interface SamplerOptions {
  /** Takes the readings of one call. The next call of the same probe waits for it. */
  readonly sink: (readings: readonly Reading[]) => void | Promise<void>;
  /** Ends the sampling early. `stop` must still be called, for the last readings and the records. */
  readonly signal?: AbortSignal;
  /** Time limit of one `sample`. */
  readonly sampleLimitMs?: number;
  /** Time limit of one `start` or `stop`, which read more. */
  readonly frameLimitMs?: number;
}

/** Sampler is the set of running probes. */
export interface Sampler {
  /**
   * Ends the sampling, takes the last readings of every probe, and returns a record of each probe. Throws an error of the sink.
   */
  stop(): Promise<readonly ProbeRecord[]>;
}

/**
 * startSampler starts every probe and then samples each with its own period until it is stopped. A probe is not sampled again
 * before it has answered. Failures are counted and not thrown, because a broken probe must not end a load.
 */
export async function startSampler(probes: readonly Probe[], options: SamplerOptions): Promise<Sampler> {
  const { sampleLimitMs = 8_000, frameLimitMs = 30_000 } = options;
  const ending = new AbortController();
  const ended = options.signal === undefined ? ending.signal : AbortSignal.any([ending.signal, options.signal]);
  // Every probe adds two listeners: in its loop and in its sleep.
  setMaxListeners(0, ended);
  const books = probes.map((probe) => ({ probe, book: keepBook(probe.name, options.sink) }));

  await Promise.all(books.map(({ probe, book }) => book.take(callWithin(frameLimitMs, (signal) => probe.start(signal)))));
  const loops = books.map(({ probe, book }) => sampleUntil(ended, probe, { book, limitMs: sampleLimitMs }));

  async function stop(): Promise<readonly ProbeRecord[]> {
    ending.abort();
    await Promise.all(loops);
    await Promise.all(books.map(({ probe, book }) => book.take(callWithin(frameLimitMs, (signal) => probe.stop(signal)))));
    return books.map(({ book }) => book.record());
  }
  let stopped: Promise<readonly ProbeRecord[]> | null = null;
  return { stop: () => (stopped ??= stop()) };
}

/** sampleUntil follows a fixed grid of times for each probe. A slow answer skips ticks and is recorded as `probe_lag_ms`. */
async function sampleUntil(ended: AbortSignal, probe: Probe, options: { book: Book; limitMs: number }): Promise<void> {
  const { book, limitMs } = options;
  const startMs = performance.now();
  const end = new Promise<void>((resolve) => ended.addEventListener("abort", () => resolve(), { once: true }));
  for (let tick = 1; !ended.aborted;) {
    await sleep(startMs + tick * probe.everyMs - performance.now(), undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return;
    const call = callWithin(limitMs, (signal) => probe.sample(signal));
    await book.take(call);
    await Promise.race([call.settled, end]);
    const next = Math.floor((performance.now() - startMs) / probe.everyMs) + 1;
    const lagMs = performance.now() - startMs - (tick + 1) * probe.everyMs;
    if (lagMs > 0) await book.pass(observe({ timeMs: Date.now(), arm: null, probe: probe.name }, { probe_lag_ms: lagMs }));
    tick = next;
  }
}

/** Book counts the readings and failures of one probe. */
interface Book {
  /** Passes the readings of a call to the sink. */
  take(call: LimitedCall<readonly Reading[]>): Promise<void>;
  /** Passes readings about the probe to the sink. They are not counted as readings of the probe. */
  pass(readings: readonly Reading[]): Promise<void>;
  record(): ProbeRecord;
}

function keepBook(name: string, sink: SamplerOptions["sink"]): Book {
  const tally: { -readonly [Key in keyof ProbeRecord]: ProbeRecord[Key] } = { name, readings: 0, failures: 0, lastFailure: null };
  let sinkError: { error: unknown } | null = null;
  async function pass(readings: readonly Reading[]): Promise<void> {
    try {
      await sink(readings);
    } catch (error) {
      sinkError ??= { error };
    }
  }
  return {
    async take(call) {
      let readings: readonly Reading[];
      try {
        readings = await call.answer;
      } catch (error) {
        tally.failures += 1;
        tally.lastFailure = reasonOf(error);
        return;
      }
      tally.readings += readings.length;
      await pass(readings);
    },
    pass,
    record() {
      if (sinkError !== null) throw sinkError.error;
      return { ...tally };
    },
  };
}

/** LimitedCall is a call with a time limit. After the limit the call may still run; `settled` resolves when it has ended. */
export interface LimitedCall<Value> {
  readonly answer: Promise<Value>;
  /** Never rejects. */
  readonly settled: Promise<void>;
}

/** callWithin makes a call and gives up after `limitMs`. It aborts the signal of the call then. */
export function callWithin<Value>(limitMs: number, ask: (signal: AbortSignal) => Promise<Value>): LimitedCall<Value> {
  const giveUp = new AbortController();
  const asked = ask(giveUp.signal);
  const answer = new Promise<Value>((resolve, reject) => {
    const timer = setTimeout(() => {
      giveUp.abort();
      reject(new Error(`no answer within ${limitMs} ms`));
    }, limitMs);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
  return { answer, settled: asked.then(nothing, nothing) };
}

function nothing(): void {}
