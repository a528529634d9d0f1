import { describe, expect, test } from "vitest";

import { countDebianPackages, countGoPackages, countOdooModules } from "../../src/lab/setup/work-done.ts";

test("each Go package is counted once, relative to all packages of the program", () => {
  const count = countGoPackages(new Set(["errors", "io", "net/http", "go.k6.io/k6/v2"]));
  expect(count("errors")).toEqual({ share: 0.25, detail: "1 of at most 4 packages compiled" });
  expect(count("errors").share).toBe(0.25);
  expect(count("go: downloading golang.org/x/net v0.1.0").share).toBe(0.25);
  expect(count("net/http").share).toBe(0.5);
});

describe("Debian packages", () => {
  // As mmdebstrap --verbose prints: the essential packages first, then the others.
  const lines = [
    "I: downloading packages with apt...",
    "0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.",
    "Get:1 http://mirror.test/debian bullseye/main amd64 libc6 amd64 2.31-13 [2823 kB]",
    "Get:2 http://mirror.test/debian bullseye/main amd64 bash amd64 5.1-2 [1417 kB]",
    "Unpacking libc6:amd64 (2.31-13) ...",
    "Setting up libc6:amd64 (2.31-13) ...",
    "Unpacking bash (5.1-2) ...",
    "Setting up bash (5.1-2) ...",
    "0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.",
  ];

  test("are counted by download, unpacking and setting up", () => {
    const count = countDebianPackages(4);
    const shares = lines.map((line) => count(line).share);
    expect(shares).toEqual([0, 0, 1 / 12, 2 / 12, 3 / 12, 4 / 12, 5 / 12, 6 / 12, 6 / 12]);
    expect(count("Setting up redis-server (6.0) ...").detail).toBe("3 of about 4 packages installed");
  });

  test("beyond the expected number never exceed 100 %", () => {
    const count = countDebianPackages(1);
    for (const line of lines) expect(count(line).share).toBeLessThanOrEqual(1);
  });

  test("downloads of package lists are not counted", () => {
    expect(countDebianPackages(10)("Get:1 http://mirror.test/debian bullseye InRelease [75.1 kB]").share).toBe(0);
  });
});

test("Odoo's modules are counted, except the separate load of base", () => {
  const count = countOdooModules();
  const head = "2026-12-01 02:26:01,123 7 INFO shop odoo.modules.loading:";
  expect(count(`${head} Loading module base (1/1)`).share).toBeNull();
  expect(count(`${head} Loading module sale (12/48)`)).toEqual({ share: 11 / 48, detail: "module 12 of 48: sale" });
  expect(count("odoo.modules.registry: module sale: creating tables").share).toBe(11 / 48);
});
