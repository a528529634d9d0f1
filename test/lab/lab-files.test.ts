import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { labStatus } from "../../src/lab/lab-up.ts";
import { ensureLabSecrets, type LabState, readLabState, writeLabState } from "../../src/lab/state/state.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();
const state: LabState = {
  schemaVersion: 1,
  entries: { rootfs: "/cache/rootfs", shop: "/cache/shop", k6: "/cache/k6", traefik: "/cache/traefik" },
  ports: { postgres: 20001, redis: 20002, metrics: 20003, baseline: 20004, candidate: 20005 },
};

test("the state is read as it was written", () => {
  const lab = newFolder();
  expect(readLabState(lab)).toBeNull();
  writeLabState(lab, state);
  expect(readLabState(lab)).toEqual(state);
});

test.each(["", "{", '{"schemaVersion":2}', JSON.stringify({ ...state, ports: { ...state.ports, redis: 0 } })])(
  "a state file with %j is no state, so the lab is set up again",
  (text) => {
    const lab = newFolder();
    writeFileSync(join(lab, "state.json"), text);
    expect(readLabState(lab)).toBeNull();
  },
);

test("secrets stay the same, differ from lab to lab and from role to role, and only the owner may read them", () => {
  const lab = newFolder();
  const secrets = ensureLabSecrets(lab);
  expect(ensureLabSecrets(lab)).toEqual(secrets);
  expect(ensureLabSecrets(newFolder()).postgres).not.toBe(secrets.postgres);
  expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length);
  expect(statSync(join(lab, "secrets.json")).mode & 0o777).toBe(0o600);
});

test("the lab of a project without a lab is down", async () => {
  const { health, services } = await labStatus({ projectDir: newFolder() });
  expect(health).toBe("down");
  expect(services.map(({ name }) => name)).toEqual(["postgres", "redis", "traefik", "odoo-baseline", "odoo-candidate"]);
});

test("a lab whose recorded processes have ended, as after a power cut, is down", async () => {
  const projectDir = newFolder();
  const lab = join(projectDir, ".lab");
  mkdirSync(join(lab, "run"), { recursive: true });
  writeLabState(lab, state);
  writeFileSync(join(lab, "run", "postgres.pid"), `${process.pid} 1 00000000-0000-0000-0000-000000000000\n`);
  expect((await labStatus({ projectDir })).health).toBe("down");
});
