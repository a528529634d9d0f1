import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { FAULT_SIZES } from "../../../src/domain/judgement/drill.ts";
import { FAULTS } from "../../../src/lab/faults/catalogue.ts";
import type { FaultStage } from "../../../src/lab/faults/fault.ts";

const ADDON = fileURLToPath(new URL("../../../fixtures/addons/drill/peakproof_drill", import.meta.url));
const LAYERS = ["odoo", "postgres", "redis", "ingress", null];

const real = FAULTS.filter(({ layer }) => layer !== null);
const controls = FAULTS.filter(({ layer }) => layer === null);

test("no two faults have the same name", () => {
  expect(new Set(FAULTS.map(({ id }) => id)).size).toBe(FAULTS.length);
  expect(FAULTS.filter(({ id }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
});

test("there are 22 faults in every layer of the stack, and two controls that harm no release", () => {
  expect(real).toHaveLength(22);
  expect(controls.map(({ id }) => id)).toEqual(["host-noise", "nothing"]);
  expect(new Set(FAULTS.map(({ layer }) => layer))).toEqual(new Set(LAYERS));
});

test.each(FAULTS.filter(({ sizes }) => sizes !== null))("$id grows from size to size", ({ sizes, unit }) => {
  const amounts = FAULT_SIZES.map((size) => sizes?.[size] ?? 0);
  expect(amounts[0]).toBeGreaterThan(0);
  expect(amounts[1]).toBeGreaterThan(amounts[0] ?? 0);
  expect(amounts[2]).toBeGreaterThan(amounts[1] ?? 0);
  expect(unit).not.toBe("");
});

test("every real fault has sizes, a title and a place in the candidate", () => {
  expect(real.filter(({ sizes, title, place }) => sizes === null || title === "" || place === "")).toEqual([]);
});

test("every amount in the servers' environment is an amount of the addon", async () => {
  const models = ["models", "controllers"].flatMap((folder) =>
    readdirSync(join(ADDON, folder))
      .filter((file) => file.endsWith(".py"))
      .map((file) => readFileSync(join(ADDON, folder, file), "utf8")),
  );
  const known = new Set(models.flatMap((text) => [...text.matchAll(/knob\("(\w+)"\)/g)].map(([, name]) => name)));
  const set = new Set<string>();
  for (const fault of FAULTS) {
    // The proxy of Redis opens a port and is not an amount of the addon.
    if (fault.serve === undefined || fault.layer === "redis") continue;
    const changes = await fault.serve(noStage, fault.sizes?.medium ?? 0);
    for (const { environment = {} } of [changes.both ?? {}, changes.candidate ?? {}]) {
      for (const name of Object.keys(environment)) set.add(name.replace("PEAKPROOF_DRILL_", ""));
    }
  }
  expect(set.size).toBeGreaterThan(8);
  expect(set).toEqual(known);
});

/** A stage that fails where a fault uses more than its settings. */
const noStage: FaultStage = {
  get lab(): never {
    throw new Error("the settings of a fault need no lab");
  },
  random: () => 0,
  afterwards: () => {
    throw new Error("the settings of a fault need no undo");
  },
};
