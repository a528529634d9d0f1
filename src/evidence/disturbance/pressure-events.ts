import { arm, type Database, number } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { EventKind } from "../../domain/judgement/evidence.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { BlockSpan } from "../frame/time-axis.ts";
import type { CounterGrowth } from "../series/counters.ts";
import type { EventOrigin, RunEvent } from "./event-rules.ts";

/** Bytes, and 8 KiB blocks, that an arm's parts read and wrote. If one of them was not read, the traffic is unknown. */
const TRAFFIC = { odoo_io_bytes: 1, wal_bytes_total: 1, temp_bytes: 1, blocks_read: 8192 };

/** PRESSURE_COUNTERS are the counters from which pressure is read: the kernel's counters, and the traffic of the arms. */
export const PRESSURE_COUNTERS = ["psi_io_some_us", "psi_memory_some_us", ...Object.keys(TRAFFIC)];

/**
 * Share of a block's time in which some task waited for the disk, above the usual share of the run. Commits always wait for the
 * disk, on a slow disk for half of the time, so only the excess over the usual share disturbs. Waiting for a fifth of a block is
 * more than the 15 % by which a typical latency may change.
 */
const IO_ABOVE_USUAL = 0.2;
/** A machine with free memory does not wait for memory (lab: 0 ms in 12 minutes); at 5 % it swaps or drops its page cache. */
const MEMORY_LIMIT = 0.05;

/** Traffic and memory of the candidate above which the candidate counts as the cause of a block's pressure. */
const OWN_TRAFFIC = { factor: 1.5, bytes: 16 * 1024 * 1024 };
const OWN_MEMORY = { factor: 1.25, bytes: 128 * 1024 * 1024 };
const PAGE_BYTES = 4096;

/**
 * readPressureEvents finds blocks in which the machine waited for disk or memory. The kernel does not name the process that
 * waited. Where the candidate had far more traffic (memory) than the baseline, the candidate may be the cause; where the arms'
 * shares are unknown, any process may be. Such blocks are kept. Only where the candidate did no more than the baseline, the cause
 * is taken to be outside.
 */
export async function readPressureEvents(
  database: Database,
  tables: Pick<EvidenceTables, "readings" | "blocks">,
  { growths, blocks }: { growths: readonly CounterGrowth[]; blocks: readonly BlockSpan[] },
): Promise<RunEvent[]> {
  const disk = pressed(growths, "psi_io_some_us", blocks);
  const usual = median(disk.map(({ share }) => share));
  const busy = disk.filter(({ share }) => share > usual + IO_ABOVE_USUAL);
  const scarce = pressed(growths, "psi_memory_some_us", blocks).filter(({ share }) => share > MEMORY_LIMIT);
  const memory = scarce.length === 0 ? [] : await readMemory(database, tables);
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
    ARMS.flatMap((each) => {
      const parts = Object.entries(TRAFFIC).map(([name, bytes]) => ({
        bytes,
        found: own.filter((growth) => growth.name === name && growth.arm === each),
      }));
      if (parts.some(({ found }) => found.length === 0)) return [];
      return [
        [each, parts.reduce((sum, { bytes, found }) => sum + found.reduce((all, { growth }) => all + growth * bytes, 0), 0)],
      ];
    }),
  );
}

interface Memory {
  readonly arm: Arm;
  readonly block: number;
  readonly bytes: number;
}

function memoryIn(memory: readonly Memory[], block: number): Measured {
  return Object.fromEntries(memory.filter((entry) => entry.block === block).map((entry) => [entry.arm, entry.bytes]));
}

function heavier({ baseline, candidate }: Measured, limit: { factor: number; bytes: number }): EventOrigin["from"] {
  if (baseline === undefined || candidate === undefined) return "shared";
  return candidate > baseline * limit.factor + limit.bytes ? "candidate" : "outside";
}

async function readMemory(
  database: Database,
  { readings, blocks }: Pick<EvidenceTables, "readings" | "blocks">,
): Promise<readonly Memory[]> {
  return database.rows(
    sql`select r.arm, b.block, avg(r.value) * ${PAGE_BYTES} as bytes from ${readings} r
    join ${blocks} b on r.run = b.run and r.at_ms >= b.from_ms and r.at_ms < b.to_ms
    where r.name = 'odoo_rss_pages' and r.arm is not null group by all order by all`,
    { arm, block: number, bytes: number },
  );
}

function eventOf(
  { run, block, share }: Pressed,
  blocks: readonly BlockSpan[],
  event: { kind: EventKind; what: string; limit: number; from: EventOrigin["from"] },
): RunEvent[] {
  const span = blocks[block];
  if (span === undefined) return [];
  const { kind, what, limit, from } = event;
  const label = `${what}: tasks waited ${percent(share)} of the time (limit ${percent(limit)})`;
  // The event ends one millisecond before the next block, which it does not touch.
  const durationMs = span.toMs - span.fromMs - 1;
  const origin = { from, what, amount: share * (span.toMs - span.fromMs), unit: "ms" } as const;
  return [{ run, atMs: span.fromMs, durationMs, kind, label, disturbs: from === "outside" ? kind : null, origin }];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** percent writes a share as a percentage. */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
