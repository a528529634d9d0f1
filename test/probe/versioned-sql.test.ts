import { expect, test } from "vitest";
import { databaseCountersSql } from "../../src/probe/postgres/sql/database-counters.ts";
import { ioCountersSql } from "../../src/probe/postgres/sql/io-counters.ts";
import { walCountersSql } from "../../src/probe/postgres/sql/wal-counters.ts";

test.each([
  { version: 130_016, sessions: false, wal: false, bytes: null },
  { version: 140_022, sessions: true, wal: true, bytes: null },
  { version: 150_019, sessions: true, wal: true, bytes: null },
  { version: 160_014, sessions: true, wal: true, bytes: "reads * op_bytes" },
  { version: 170_010, sessions: true, wal: true, bytes: "reads * op_bytes" },
  { version: 180_004, sessions: true, wal: true, bytes: "read_bytes" },
])("PostgreSQL $version is asked for what it has", ({ version, sessions, wal, bytes }) => {
  expect(databaseCountersSql(version).includes("sessions_killed")).toBe(sessions);
  expect(walCountersSql(version) !== null).toBe(wal);
  const io = ioCountersSql(version);
  expect(bytes === null ? io === null : io?.includes(`sum(${bytes})`)).toBe(true);
});
