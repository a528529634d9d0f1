import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { hashOdooPassword } from "../../src/lab/databases/arm-database.ts";
import { hashFolder, mountPointsBelow } from "../../src/lab/machine/folders.ts";
import { countByWorker, findProductPath } from "../../src/lab/services/warm-up.ts";
import { cacheFolder } from "../../src/lab/setup/cache.ts";
import { isNewEnough } from "../../src/lab/setup/go-binary.ts";
import { requireRoot } from "../../src/lab/setup/prerequisites.ts";
import { pickMirror } from "../../src/lab/setup/rootfs.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();

test("a password is hashed as Odoo's passlib does", () => {
  // passlib 1.7.4 in Debian 11: pbkdf2_sha512.using(rounds=25000, salt=b"0123456789abcdef").hash("secret")
  const want =
    "$pbkdf2-sha512$25000$MDEyMzQ1Njc4OWFiY2RlZg$m28yyWgXn4Qvd2fQ81e1S2A5xmuunG4E1Gf1486hu9kLDwIHy8F3YHrAgxGilxgKS5vWq9EwEkBqsTS2bxygZg";
  expect(hashOdooPassword("secret", Buffer.from("0123456789abcdef"))).toBe(want);
});

test("the first of Debian's own mirrors is taken, never the security archive or a third party's", () => {
  const targets = [
    "Debian-Security|main|http://security.test/debian",
    "Vendor|main|http://vendor.test",
    "Debian|contrib|http://a.test",
    "Debian|main|http://b.test/debian",
  ];
  expect(pickMirror(targets.join("\n"))).toBe("http://b.test/debian");
  expect(pickMirror("Debian|main|file:/media/cdrom\n")).toBeNull();
  expect(pickMirror("")).toBeNull();
});

test.each([
  ["1.26.8", true],
  ["1.21.0", true],
  ["2:1.19~1", false],
  ["2:1.24~2", true],
  ["2.0", true],
  ["devel", false],
])("Go %s can build the tools: %s", (version, want) => {
  expect(isNewEnough(version)).toBe(want);
});

test("mount points below a folder are found, with blanks in their names, and neighbours are not", () => {
  const mounts =
    "proc /c/rootfs-1/proc proc rw 0 0\nudev /c/root\\040fs/dev devtmpfs rw 0 0\ntmpfs /c/rootfs-10/tmp tmpfs rw 0 0\n";
  expect(mountPointsBelow("/c/rootfs-1", mounts)).toEqual(["/c/rootfs-1/proc"]);
  expect(mountPointsBelow("/c/root fs", mounts)).toEqual(["/c/root fs/dev"]);
});

test("the hash of a folder follows contents and names, and ignores compiled Python files", () => {
  const folder = newFolder();
  mkdirSync(join(folder, "models"));
  writeFileSync(join(folder, "models", "sale.py"), "a");
  const hash = hashFolder(folder);
  mkdirSync(join(folder, "__pycache__"));
  writeFileSync(join(folder, "__pycache__", "sale.cpython-39.pyc"), "x");
  expect(hashFolder(folder)).toBe(hash);
  writeFileSync(join(folder, "models", "sale.py"), "b");
  expect(hashFolder(folder)).not.toBe(hash);
});

test("the cache is in XDG_CACHE_HOME, unless that path is relative", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/big/cache" })).toBe("/big/cache/peakproof");
  expect(cacheFolder({ XDG_CACHE_HOME: "relative" })).toMatch(/\/\.cache\/peakproof$/);
});

test("without root the error names the cause and the remedy", () => {
  expect(() => requireRoot(1000)).toThrow(
    expect.objectContaining({ code: "cannot-measure", hint: expect.stringContaining("as root") }),
  );
  expect(() => requireRoot(0)).not.toThrow();
});

test.each([
  ['<a href="/shop/category/garden-1">Garden</a><a href="/shop/pp-0001-oak-spade-36?category=1">', "/shop/pp-0001-oak-spade-36"],
  ['<a itemprop="name" href="/shop/product/oak-spade-36">', "/shop/product/oak-spade-36"],
  ['<a href="/shop/cart">', null],
  ['<a href="/shop/page/2">', null],
])("the product link in %s is %s", (html, want) => {
  expect(findProductPath(html)).toBe(want);
});

test("shop pages are counted for each worker, and other lines are not", () => {
  const line = (pid: number, path: string) =>
    `2026-11-21 12:29:46,556 ${pid} INFO pp_candidate werkzeug: 127.0.0.1 - - [21/Nov/2026 12:29:46] "GET ${path} HTTP/1.1" 200 - 60 0.065 0.046`;
  const log = [
    line(7, "/shop"),
    line(8, "/shop/oak-hose-35"),
    line(7, "/web/login"),
    "2026-11-21 12:29:46,556 7 INFO ? odoo: x",
    line(7, "/shop"),
  ];
  expect(countByWorker(log.join("\n"))).toEqual([2, 1]);
});
