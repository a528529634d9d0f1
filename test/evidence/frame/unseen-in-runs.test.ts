import { expect, test } from "vitest";

import type { RunManifest } from "../../../src/domain/load/run.ts";
import { unseenInRuns } from "../../../src/evidence/frame/measured-facts.ts";
import { recordBundle, temporaryFolder } from "../recorded-bundle.ts";

const folder = temporaryFolder();
const log = (declared: boolean) => ({ part: "odoo-log", declared }) as const;

let whole: RunManifest;
async function runs(...lists: readonly RunManifest["unseen"][]) {
  whole ??= await recordBundle(`${folder}/whole`);
  return lists.map((unseen) => ({ manifest: unseen === undefined ? whole : { ...whole, unseen } }));
}

test("a part is declared only where every run declared it", async () => {
  expect(unseenInRuns(await runs([log(true)], [log(true)]))).toEqual([log(true)]);
  expect(unseenInRuns(await runs([log(true)], [log(false)]))).toEqual([log(false)]);
  // One run looked: the other may not take the gate away.
  expect(unseenInRuns(await runs([log(true)], []))).toEqual([log(false)]);
  expect(unseenInRuns(await runs([], []))).toEqual([]);
});

test("runs that do not say leave it unknown", async () => {
  expect(unseenInRuns(await runs([log(true)], undefined))).toBeNull();
});
