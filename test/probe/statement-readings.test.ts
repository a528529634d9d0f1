import { expect, test } from "vitest";

import { statementReadings, statementTotals } from "../../src/probe/postgres/statements.ts";

const use = { exec_ms: 1, rows: 3, blocks: 4, wal_bytes: 0 };

test("entries that differ only by the length of a list are one statement of their arm", () => {
  const rows = [
    { database: "b", text: "SELECT a FROM t WHERE id IN ($1)", calls: 2, ...use },
    { database: "b", text: "SELECT a FROM t WHERE id IN ($1, $2)", calls: 5, ...use },
    { database: "c", text: "SELECT a FROM t WHERE id IN ($1, $2)", calls: 11, ...use },
    { database: "other", text: "SELECT a FROM t WHERE id IN ($1, $2)", calls: 100, ...use },
  ];
  const readings = statementReadings(
    rows,
    new Map([
      ["b", "baseline"],
      ["c", "candidate"],
    ]),
    7,
  );
  const calls = readings.filter(({ name }) => name === "statement_calls");
  expect(calls).toEqual([
    {
      timeMs: 7,
      arm: "baseline",
      probe: "postgres",
      name: "statement_calls",
      labels: { statement: "SELECT a FROM t WHERE id IN (...)" },
      value: 7,
    },
    {
      timeMs: 7,
      arm: "candidate",
      probe: "postgres",
      name: "statement_calls",
      labels: { statement: "SELECT a FROM t WHERE id IN (...)" },
      value: 11,
    },
  ]);
  expect(readings.find(({ name, arm }) => name === "statement_exec_ms" && arm === "baseline")?.value).toBe(2);
});

test("a counter does not fall when the server drops statements", () => {
  const totals = statementTotals();
  const row = { database: "b", exec_ms: 0, rows: 0, blocks: 0, wal_bytes: 0 };
  expect(totals({ ...row, entries: 100, statements: 1000 })).toMatchObject({ statements_total: 0, statement_evictions: 0 });
  expect(totals({ ...row, entries: 101, statements: 1010 })).toMatchObject({ statements_total: 10, statement_evictions: 0 });
  expect(totals({ ...row, entries: 60, statements: 700 })).toMatchObject({ statements_total: 10, statement_evictions: 1 });
  expect(totals({ ...row, entries: 61, statements: 705 })).toMatchObject({ statements_total: 15, statement_evictions: 1 });
});
