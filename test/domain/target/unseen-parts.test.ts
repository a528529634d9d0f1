import { expect, test } from "vitest";

import { type ArmEndpoint, namedFor, type Target, unseenParts } from "../../../src/domain/target/target.ts";

const bare: ArmEndpoint = {
  baseUrl: "http://shop.test",
  database: "shop",
  login: "api",
  password: "",
  probeDsn: null,
  invariantsDsn: null,
  odooLog: null,
  odooPids: [],
  traefikService: null,
};
const target = (baseline: Partial<ArmEndpoint>, candidate: Partial<ArmEndpoint>, rest: Partial<Target> = {}): Target => ({
  name: "staging",
  arms: { baseline: { ...bare, ...baseline }, candidate: { ...bare, ...candidate } },
  redisUrl: null,
  traefikMetricsUrl: null,
  ...rest,
});

test("a part that one arm alone names is unseen, and not declared", () => {
  const half = target({ odooLog: "a.log", invariantsDsn: "postgres://a" }, { invariantsDsn: "postgres://b" });
  expect(namedFor(half, "odoo-log")).toBe("some");
  expect(unseenParts(half).map(({ part }) => part)).toEqual(["odoo-log", "odoo-processes", "postgres", "redis", "traefik"]);
  expect(unseenParts(half).some(({ declared }) => declared)).toBe(false);
});

test("what is declared is told from what is only absent", () => {
  const declared = target({}, {}, { unseen: ["redis"], traefikMetricsUrl: "http://ingress.test/metrics" });
  expect(unseenParts(declared).filter((part) => part.declared)).toEqual([{ part: "redis", declared: true }]);
  expect(unseenParts(declared).map(({ part }) => part)).not.toContain("traefik");
});
