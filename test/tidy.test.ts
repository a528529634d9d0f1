import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "");
const code = files.filter((file) => /^(src|scenarios|bench|tools|test)\/.*\.(ts|mjs)$/.test(file));
const product = code.filter((file) => /^(src|scenarios)\//.test(file));

const lines = (file: string) => readFileSync(join(root, file), "utf8").split("\n").length - 1;

test("no file of code is longer than 400 lines", () => {
  expect(code.filter((file) => lines(file) > 400)).toEqual([]);
});

test("no file is named for what it is instead of what it does", () => {
  const vague = /^(utils?|helpers?|common|misc|types|index)\.ts$/;
  expect(product.filter((file) => vague.test(basename(file)) && file !== "src/index.ts")).toEqual([]);
});

test("the lock file records no download addresses", () => {
  expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toContain('"resolved"');
});

test("no file names a folder of somebody's machine", () => {
  const places = new RegExp(
    [
      ["/ho", "me/[a-z]"],
      ["/ro", "ot/"],
      ["/wo", "rk/"],
      ["/tmp/scr", "atch"],
    ]
      .map((parts) => parts.join(""))
      .join("|"),
  );
  const texts = files.filter((file) => !/\.(png|gz|parquet|lock)$/.test(file));
  expect(texts.filter((file) => places.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});
