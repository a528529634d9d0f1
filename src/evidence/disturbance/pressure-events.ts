import { type Database, number, text } from "../../bundle/files/database.ts";
import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { BlockSpan } from "../frame/time-axis.ts";
import type { CounterGrowth } from "../series/counters.ts";
import type { EventOrigin, RunEvent } from "./event-rules.ts";

/** Bytes, and 8 KiB blocks, that an arm made its parts read and write. Without every one of them nobody knows its traffic. */
const TRAFFIC = { odoo_io_bytes: 1, wal_bytes_total: 1, temp_bytes: 1, blocks_read: 8192 };

/** PRESSURE_COUNTERS are what pressure is read from: the kernel's counters, and the arms' own traffic. */
export const PRESSURE_COUNTERS = ["psi_io_some_us", "psi_memory_some_us", ...Object.keys(TRAFFIC)];

/**
 * Share of a block's time in which some task waited for the disk, above the usual share of the run. Commits wait for the disk at all
 * times, on a slow one for half of the time, so only what is beyond the usual disturbs. Waiting for a fifth of a block is more than
 * the 15 % by which a typical latency may change.
 */
const IO_ABOVE_USUAL = 0.2;
/** A machine with free memory waits for none (lab: 0 ms in 12 minutes); at 5 % it swaps or throws its page cache away. */
const MEMORY_LIMIT = 0.05;

/** Traffic and memory of the candidate beyond which a block's pressure counts as its own doing. */
const OWN_TRAFFIC = { factor: 1.5, bytes: 16 * 1024 * 1024 };
const OWN_MEMORY = { factor: 1.25, bytes: 128 * 1024 * 1024 };
const PAGE_BYTES = 4096;

/**
 * readPressureEvents finds blocks in which the machine waited for disk or memory. The kernel does not say for whom. Where the
 * candidate had far more traffic (memory) than the baseline it may be its own doing, and where the arms' shares are not known it may
 * be anybody's: such blocks stay in. Only where the candidate did no more than the baseline is the cause taken to be outside of it.
 */
export async function readPressureEvents(
  database: Database,
  growths: readonly CounterGrowth[],
  blocks: readonly BlockSpan[],
): Promise<RunEvent[]> {
  const disk = pressed(growths, "psi_io_some_us", blocks);
  const usual = median(disk.map(({ share }) => share));
  const busy = disk.filter(({ share }) => share > usual + IO_ABOVE_USUAL);
  const scarce = pressed(growths, "psi_memory_some_us", blocks).filter(({ share }) => share > MEMORY_LIMIT);
  const memory = scarce.length === 0 ? [] : await readMemory(database);
  return [
    ...busy.flatMap((place) => {
      const from = heavier(trafficIn(growths, place.block), OWN_TRAFFIC);
      return eventOf(place, blocks, { kind: "io-pressure", what: "pressure on the disk", limit: usual + IO_ABOVE_USUAL, from });
    }),
    ...scarce.flatMap((place) => {
      const from = heavier(memoryIn(memory, place.block), OWN_MEMORY);
      return eventOf(place, blocks, { kind: "memory-pressure", what: "pressure on memory", limit: MEMORY_LIMIT, from });
    }),
  ];
}

interface Pressed {
  readonly run: number;
  readonly block: number;
  /** Share of the time in which some task waited. */
  readonly share: number;
}

function pressed(growths: readonly CounterGrowth[], name: string, blocks: readonly BlockSpan[]): Pressed[] {
  return growths.flatMap((growth) => {
    const span = blocks[growth.block];
    if (growth.name !== name || span === undefined || growth.coverage <= 0) return [];
    const observedMs = (span.toMs - span.fromMs) * growth.coverage;
    return [{ run: growth.run, block: growth.block, share: growth.growth / 1000 / observedMs }];
  });
}

type Measured = Partial<PerArm<number>>;

function trafficIn(growths: readonly CounterGrowth[], block: number): Measured {
  const own = growths.filter((growth) => growth.block === block);
  return Object.fromEntries(
    ARMS.flatMap((arm) => {
      const parts = Object.entries(TRAFFIC).map(([name, bytes]) => ({
        bytes,
        found: own.filter((growth) => growth.name === name && growth.side === arm),
      }));
      if (parts.some(({ found }) => found.length === 0)) return [];
      return [
        [arm, parts.reduce((sum, { bytes, found }) => sum + found.reduce((all, { growth }) => all + growth * bytes, 0), 0)],
      ];
    }),
  );
}

function memoryIn(memory: readonly { side: string; block: number; bytes: number }[], block: number): Measured {
  const own = (arm: Arm) => memory.find((entry) => entry.block === block && entry.side === arm);
  return Object.fromEntries(ARMS.flatMap((arm) => (own(arm) === undefined ? [] : [[arm, own(arm)?.bytes]])));
}

function heavier({ baseline, candidate }: Measured, limit: { factor: number; bytes: number }): EventOrigin["from"] {
  if (baseline === undefined || candidate === undefined) return "shared";
  return candidate > baseline * limit.factor + limit.bytes ? "candidate" : "outside";
}

async function readMemory(database: Database): Promise<readonly { side: string; block: number; bytes: number }[]> {
  return database.rows(
    `select r.side, b.block::DOUBLE as block, avg(r.value) * ${PAGE_BYTES} as bytes from readings r
    join blocks b on r.run = b.run and r.at_ms >= b.from_ms and r.at_ms < b.to_ms
    where r.name = 'odoo_rss_pages' and r.side is not null group by all order by all`,
    { side: text, block: number, bytes: number },
  );
}

function eventOf(
  { run, block, share }: Pressed,
  blocks: readonly BlockSpan[],
  event: { kind: string; what: string; limit: number; from: EventOrigin["from"] },
): RunEvent[] {
  const span = blocks[block];
  if (span === undefined) return [];
  const { kind, what, limit, from } = event;
  const label = `${what}: tasks waited ${percent(share)} of the time (limit ${percent(limit)})`;
  // One millisecond short of the next block, which it does not touch.
  const durationMs = span.toMs - span.fromMs - 1;
  const origin = { from, what, amount: share * (span.toMs - span.fromMs), unit: "ms" } as const;
  return [{ run, atMs: span.fromMs, durationMs, kind, label, disturbs: from === "outside", origin }];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
