import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { tailFile } from "../../src/files/tail.ts";
import { readLedger, readWholeLedger } from "../../src/load/k6-output.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "peakproof-load-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const record = {
  ledger: "created",
  runId: "t1",
  arm: "candidate",
  scenario: "order-import",
  model: "sale.order",
  id: 75,
  ref: "pp-t1-c-oi-2",
  detail: { lines: 6, city: "Örebro" },
};

/** As k6 2.2 wraps console.log with `--log-format json`. */
const wrapped = (message: unknown) =>
  `${JSON.stringify({ level: "info", msg: JSON.stringify(message), time: "2026-11-21T12:24:49Z" })}\n`;

test("records come out of k6's console log, other messages do not", async () => {
  const path = join(folder, "console.log");
  const failure = { failure: "application", text: "checkout/cart: status 500" };
  const foreign = { ...record, arm: "neither" };
  await writeFile(path, [wrapped(failure), wrapped(record), wrapped(foreign), "not JSON\n"].join(""));
  expect(await readLedger(path)).toEqual([record]);
});

test("a last line that was cut is left out", async () => {
  const path = join(folder, "console.log");
  await writeFile(path, wrapped(record) + wrapped(record).slice(0, 90));
  expect(await readLedger(path)).toEqual([record]);
});

test("a k6 that logged nothing leaves no records", async () => {
  expect(await readLedger(join(folder, "console.log"))).toEqual([]);
});

test("the ledger of a bundle is that of its file and of k6's log together, each record once", async () => {
  const files = { created: join(folder, "created.ndjson"), consoleLog: join(folder, "console.log") };
  const intent = { ...record, ledger: "intent", id: null };
  const done = { ...record, ledger: "done" };
  await writeFile(files.consoleLog, wrapped(intent) + wrapped(record));
  expect(await readWholeLedger(files)).toEqual([intent, record]);
  await writeFile(files.created, [intent, record, done].map((line) => `${JSON.stringify(line)}\n`).join("") + '{"ledger":"do');
  expect(await readWholeLedger(files)).toEqual([intent, record, done]);
});

test("a line arrives once, when it is whole, even if it was cut inside a letter", async () => {
  const path = join(folder, "growing");
  const tail = tailFile(path, { mayBeAbsent: true });
  const seen: string[] = [];
  const look = () => tail.read((line) => seen.push(line));
  await look();
  const bytes = Buffer.from("one\nÖrebro\n");
  await writeFile(path, bytes.subarray(0, 5));
  await look();
  expect(seen).toEqual(["one"]);
  await appendFile(path, bytes.subarray(5));
  await look();
  await look();
  expect(seen).toEqual(["one", "Örebro"]);
});
