import { expect, test } from "vitest";

import { parseOdooLogLine } from "../../src/odoo-log/log-line.ts";

// Lines of real Odoo 14 servers unless the name says otherwise.
const SHOP =
  '2026-11-21 12:01:02,410 15942 INFO shop werkzeug: 127.0.0.1 - - [21/Nov/2026 12:01:02] "GET /shop?page=2 HTTP/1.1" 200 - 454 0.244 0.635';

test("a request carries its end in UTC, its database and its cost", () => {
  expect(parseOdooLogLine(SHOP)).toEqual({
    timeMs: Date.UTC(2026, 10, 21, 12, 1, 2, 410),
    pid: 15_942,
    database: "shop",
    method: "GET",
    path: "/shop?page=2",
    status: 200,
    statements: 454,
    sqlMs: 244,
    pythonMs: 635,
  });
});

test.each([
  { name: "a static file has no cost", line: SHOP.replace("454 0.244 0.635", "- - -"), want: { statements: null, sqlMs: null } },
  { name: "a server without a database", line: SHOP.replace("INFO shop", "INFO ?"), want: { database: null, statements: 454 } },
  { name: "a fourth field (Odoo 18 with a replica)", line: `${SHOP} rw`, want: { statements: 454, pythonMs: 635 } },
  { name: "a prefix of a log collector", line: `odoo-1  | ${SHOP}`, want: { statements: 454, pid: 15_942 } },
  {
    name: "colours of a terminal",
    line: SHOP.replace('"GET', '"\u001B[36mGET').replace("454", "\u001B[1;33m454\u001B[0m"),
    want: { path: "/shop?page=2", statements: 454 },
  },
])("$name", ({ line, want }) => {
  expect(parseOdooLogLine(line)).toMatchObject(want);
});

test.each([
  { name: "another logger", line: "2026-11-21 12:01:01,529 15942 INFO ? odoo.http: HTTP Configuring static files" },
  { name: "a traceback", line: '  File "/usr/lib/python3/dist-packages/odoo/http.py", line 640, in _handle_exception' },
  { name: "a line that was cut", line: SHOP.slice(0, 120) },
  { name: "an empty line", line: "" },
])("$name is not a request", ({ line }) => {
  expect(parseOdooLogLine(line)).toBeNull();
});
