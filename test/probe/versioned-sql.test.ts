import { expect, test } from "vitest";

import { databaseCountersSql } from "../../src/probe/postgres/activity.ts";
import { ioCountersSql, walCountersSql } from "../../src/probe/postgres/server.ts";

test.each([
  { version: 130_016, sessions: false, wal: false, bytes: null },
  { version: 140_022, sessions: true, wal: true, bytes: null },
  { version: 150_019, sessions: true, wal: true, bytes: null },
  { version: 160_014, sessions: true, wal: true, bytes: "reads * op_bytes" },
  { version: 170_010, sessions: true, wal: true, bytes: "reads * op_bytes" },
  { version: 180_004, sessions: true, wal: true, bytes: "read_bytes" },
])("the SQL for PostgreSQL $version reads what that version has", ({ version, sessions, wal, bytes }) => {
  expect(databaseCountersSql(version).includes("sessions_killed")).toBe(sessions);
  expect(walCountersSql(version) !== null).toBe(wal);
  const io = ioCountersSql(version);
  expect(bytes === null ? io === null : io?.includes(`sum(${bytes})`)).toBe(true);
});
