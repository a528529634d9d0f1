import { expect, test } from "vitest";

import { chooseDistinct, createChooser, hash } from "../../../scenarios/lib/hash.ts";

test("a hash depends on its parts and on where one ends", () => {
  expect(hash(1, "checkout", 2)).toBe(hash(1, "checkout", 2));
  expect(hash("a", "bc")).not.toBe(hash("ab", "c"));
  expect(hash(1, 12)).not.toBe(hash(11, 2));
});

test("neighbouring pairs draw evenly over a small range", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let pair = 0; pair < 10_000; pair += 1) {
    const drawn = createChooser({ seed: 7, scenario: "checkout", pair })("product", 10);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  // 10,000 even draws: 1000 each, standard deviation 30; four of them on either side.
  expect(counts).toHaveLength(10);
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test("two words of one pair draw independently", () => {
  let equal = 0;
  for (let pair = 0; pair < 1000; pair += 1) {
    const choose = createChooser({ seed: 7, scenario: "checkout", pair });
    if (choose("line 0", 10) === choose("line 1", 10)) equal += 1;
  }
  // Expected 100, standard deviation 9.5.
  expect(Math.abs(equal - 100)).toBeLessThan(40);
});

test("distinct draws never repeat and end with the items", () => {
  const choose = createChooser({ seed: 1, scenario: "stock-sync", pair: 3 });
  const items = Array.from({ length: 20 }, (_, index) => index);
  expect(new Set(chooseDistinct(items, 8, { choose, word: "product" })).size).toBe(8);
  expect(chooseDistinct(items, 30, { choose, word: "product" }).toSorted((a, b) => a - b)).toEqual(items);
  expect(items).toHaveLength(20);
});
