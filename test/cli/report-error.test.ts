import { Writable } from "node:stream";

import { expect, test } from "vitest";

import { reportError } from "../../src/cli/terminal/error-text.ts";
import { HarnessError } from "../../src/domain/error.ts";

function told(error: unknown, signal = new AbortController().signal): { code: number; text: string } {
  const chunks: string[] = [];
  const err = new Writable({
    write(chunk: unknown, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const code = reportError(error, { streams: { out: err, err }, cwd: ".", environment: {}, signal }, null);
  return { code, text: chunks.join("") };
}

test("a failure that the user can act on is told with its remedy and its first cause, and nothing of the program", () => {
  const cause = new Error("connect ECONNREFUSED\nat somewhere");
  const error = new HarnessError("cannot-measure", "Odoo does not answer", { hint: "Start it.", cause });
  expect(told(error)).toEqual({ code: 4, text: "error: Odoo does not answer\n  Start it.\n  (connect ECONNREFUSED)\n" });
});

test("anything else is a bug, and says where", () => {
  const { code, text } = told(new TypeError("no such thing"));
  expect(code).toBe(70);
  expect(text).toMatch(/^bug in peakproof: TypeError: no such thing\n\s+at .*report-error\.test/);
});

test("what fails because it was interrupted is told as that alone", () => {
  expect(told(new TypeError("aborted"), AbortSignal.abort())).toEqual({ code: 130, text: "interrupted\n" });
});
