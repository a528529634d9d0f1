import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callMain } from "./call-main.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "peakproof-doctor-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const WORKLOAD = "workload: { load: 10s, warmup: 1s, checkout: { checkoutsPerMinute: 6, productsPerCart: 1 } }\n";

function writeConfig(name: string, target: string): string {
  const path = join(folder, name);
  writeFileSync(path, `${target}${WORKLOAD}`);
  return path;
}

test("--print-sql names the databases of the config, and needs none of its secrets", async () => {
  const arm = (database: string) =>
    `{ url: "http://127.0.0.1:2", database: ${database}, login: api, passwordEnv: ABSENT, probeDsnEnv: ABSENT_TOO }`;
  const config = writeConfig(
    "server.yaml",
    `target:\n  name: staging\n  allowed: []\n  arms:\n    baseline: ${arm("shop_a")}\n    candidate: ${arm("shop_b")}\n`,
  );
  const { code, out, err } = await callMain(["doctor", "--print-sql", "--config", config], folder);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.match(/^\\connect .+$/gm)).toEqual([String.raw`\connect "shop_a"`, String.raw`\connect "shop_b"`]);
});

test("--print-sql --database needs no config at all", async () => {
  const { code, out } = await callMain(["doctor", "--print-sql", "--database", "odoo", "--database", "odoo2"], folder);
  expect(code).toBe(0);
  expect(out.match(/^\\connect .+$/gm)).toEqual([String.raw`\connect "odoo"`, String.raw`\connect "odoo2"`]);
});

test("the lab makes its roles itself, and says what to do for a database of one's own", async () => {
  const config = writeConfig("lab.yaml", "target: { lab: native }\n");
  const { code, err, out } = await callMain(["doctor", "--print-sql", "--config", config], folder);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain("--database");
});

test("a part that is named and declared out of sight at once is refused by line, before anything is asked", async () => {
  const arm = `{ url: "http://127.0.0.1:2", database: shop, login: api, passwordEnv: PW, odooLog: shop.log }`;
  const config = writeConfig(
    "both.yaml",
    `target:\n  name: staging\n  allowed: ["127.0.0.1:2"]\n  unseen: [redis, odoo-log]\n  arms:\n    baseline: ${arm}\n`,
  );
  const { code, err } = await callMain(["doctor", "--config", config], folder, { PW: "secret" });
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringContaining(`${config}:4: target.unseen declares odoo-log, and the target names it`),
  });
});
