import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callMain } from "./call-main.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "peakproof-cli-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("help goes to stdout and ends with 0", async () => {
  const { code, out } = await callMain(["--help"], folder);
  expect(code).toBe(0);
  expect(out).toContain("peakproof campaign");
});

test("every command of the help has help of its own", async () => {
  for (const command of ["lab", "doctor", "run", "campaign", "compare", "calibrate", "import", "report", "cleanup", "drill"]) {
    const { code, out } = await callMain([command, "--help"], folder);
    expect(code).toBe(0);
    expect(out).toContain(`peakproof ${command}`);
  }
});

test("an unknown command names the nearest one and ends with 2", async () => {
  const { code, err, out } = await callMain(["campain"], folder);
  expect(code).toBe(2);
  expect(err).toContain("`campaign`");
  expect(out).toBe("");
});

test("an unknown option names the nearest one and ends with 2", async () => {
  const { code, err } = await callMain(["compare", "--baselin", "x"], folder);
  expect(code).toBe(2);
  expect(err).toContain("--baseline");
});

test("a missing config ends with 2 and says where to look", async () => {
  const { code, err } = await callMain(["campaign", "--baseline", "1.0", "--candidate", "1.1"], folder);
  expect(code).toBe(2);
  expect(err).toContain("--config");
});

test("a target that is not allow-listed is refused before anything is sent", async () => {
  const path = join(folder, "peakproof.yaml");
  writeFileSync(
    path,
    `target:
  name: elsewhere
  allowed: ["127.0.0.1:1"]
  arms:
    baseline: { url: "http://127.0.0.1:2", database: shop, login: api, passwordEnv: SHOP_PASSWORD }
workload: { load: 10s, warmup: 1s, checkout: { checkoutsPerMinute: 6, productsPerCart: 1 } }
`,
  );
  const { code, err } = await callMain(["run", "--release", "live", "--config", path], folder, { SHOP_PASSWORD: "x" });
  expect(code).toBe(2);
  expect(err).toContain("127.0.0.1:2 is not allow-listed");
});
