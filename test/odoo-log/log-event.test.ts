import { expect, test } from "vitest";

import { parseLogEvent } from "../../src/odoo-log/log-line.ts";

const RETRY =
  "2026-11-21 11:52:10,001 41 INFO shop odoo.service.model: SERIALIZATION_FAILURE, 4 tries left, try again in 0.8038 sec...";

const event = {
  timeMs: Date.UTC(2026, 10, 21, 11, 52, 10, 1),
  pid: 41,
  level: "INFO",
  database: "shop",
  logger: "odoo.service.model",
  message: "SERIALIZATION_FAILURE, 4 tries left, try again in 0.8038 sec...",
};

test.each([
  { name: "as Odoo writes it", line: RETRY },
  { name: "behind the prefix of a log collector", line: `odoo-1  | ${RETRY}` },
  { name: "in the colours of a terminal", line: RETRY.replace("INFO", "\u001B[1;32m\u001B[1;49mINFO\u001B[0m") },
])("a line $name is an event", ({ line }) => {
  expect(parseLogEvent(line)).toEqual(event);
});

test("a line of a traceback is none", () => {
  expect(parseLogEvent('  File "/usr/lib/python3/dist-packages/odoo/http.py", line 640, in _handle_exception')).toBeNull();
});
