import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERSION } from "../../src/domain/version.ts";

test("the version in verdicts is that of the package", () => {
  const own: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(own).toMatchObject({ version: VERSION });
});
