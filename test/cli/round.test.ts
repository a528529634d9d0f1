import { expect, test } from "vitest";

import { roundOf } from "../../src/cli/config/load.ts";
import type { ParsedArguments } from "../../src/cli/terminal/command.ts";

const parsed = (values: ParsedArguments["values"]): ParsedArguments => ({ values, positionals: [] });

test.each([
  { name: "neither option", values: {}, want: undefined },
  { name: "--round", values: { round: "60s" }, want: "60s" },
  { name: "the older name --min", values: { min: "60s" }, want: "60s" },
  { name: "both with the same value", values: { round: "60s", min: "60s" }, want: "60s" },
])("the load of a round by $name is $want", ({ values, want }) => {
  expect(roundOf(parsed(values))).toBe(want);
});

test("--round and --min with different values are refused", () => {
  expect(() => roundOf(parsed({ round: "60s", min: "90s" }))).toThrow("--round 60s and --min 90s contradict each other");
});
