import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { readConfig } from "../../src/cli/config/read-config.ts";
import { SCENARIO_NAMES } from "../../src/domain/load/plan.ts";
import type { ArmEndpoint } from "../../src/domain/target/target.ts";
import { openRunningLab, type RunningLab } from "../../src/lab/services/running-lab.ts";
import { type OdooSession, openOdooSession } from "../../src/odoo/connection/session.ts";
import { callMain } from "../cli/call-main.ts";
import { useLab } from "./lab.ts";

/** These tests are a server that cannot be used: an arm of the lab from which something is taken away. */
const lab = useLab();
let running: RunningLab;
let endpoint: ArmEndpoint;
let admin: OdooSession;
let folder = "";

const WORKLOAD = {
  load: "60s",
  warmup: "5s",
  checkout: { checkoutsPerMinute: 6, productsPerCart: 1 },
  "picking-wave": { wavesPerMinute: 6, pickingsPerWave: 1 },
};

beforeAll(async () => {
  const { baseline } = (await lab.prepare({ baseline: "1.0" })).target.arms;
  if (baseline === undefined) throw new Error("the lab prepared no baseline");
  endpoint = baseline;
  running = await openRunningLab(lab.options);
  // The administrator that Odoo makes with every database; the lab listens on loopback only.
  admin = await openOdooSession({ ...endpoint, login: "admin", password: "admin" });
  folder = mkdtempSync(join(tmpdir(), "peakproof-refusals-"));
  const { baseUrl: url, database, login } = endpoint;
  const baselineArm = { url, database, login, passwordEnv: "SHOP_PASSWORD", invariantsDsnEnv: "SHOP_INVARIANTS" };
  const target = { name: "an arm of the lab", allowed: [new URL(url).host], arms: { baseline: baselineArm } };
  // JSON is YAML.
  writeFileSync(join(folder, "peakproof.yaml"), JSON.stringify({ target, workload: WORKLOAD }));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const peakproof = (argv: readonly string[], user: { login: string; password: string } = endpoint) =>
  callMain(argv, folder, {
    SHOP_LOGIN: user.login,
    SHOP_PASSWORD: user.password,
    SHOP_INVARIANTS: endpoint.invariantsDsn ?? "",
  });

const init = (user?: { login: string; password: string }) =>
  peakproof(
    ["init", "--url", endpoint.baseUrl, "--database", endpoint.database, "--out", "drafted.yaml", "--force"].concat([
      "--login-env",
      "SHOP_LOGIN",
      "--password-env",
      "SHOP_PASSWORD",
    ]),
    user,
  );

const sql = (statement: string, values: readonly string[] = []) =>
  running.withDatabase(endpoint.database, (client) => client.query(statement, [...values]));

describe("a capability that was taken away ends with 4 before any load", () => {
  test("a module that is not installed is named, with its scenario", async () => {
    await sql("update ir_module_module set state = 'uninstalled' where name = 'stock_picking_batch'");
    const { code, err } = await peakproof(["run", "--release", "live", "--out", "never"]);
    await sql("update ir_module_module set state = 'installed' where name = 'stock_picking_batch'");
    expect({ code, err }).toEqual({
      code: 4,
      err: expect.stringMatching(/lacks the capability picking-wave.*stock_picking_batch/s),
    });
    expect(existsSync(join(folder, "never"))).toBe(false);
  });

  test("a route that is gone is named, with the capability and the module that should have it", async () => {
    const model = "website.rewrite";
    const gone = { name: "gone", redirect_type: "404", url_from: "/shop/cart/update" };
    const id = await admin.call({ model, method: "create", args: [gone] }, z.number());
    const { code, err } = await peakproof(["run", "--release", "live", "--out", "never"]);
    await admin.call({ model, method: "unlink", args: [[id]] }, z.boolean());
    expect({ code, err }).toEqual({ code: 4, err: expect.stringMatching(/lacks the capability cart.*website_sale/s) });
    expect(existsSync(join(folder, "never"))).toBe(false);
  });
});

describe("init", () => {
  const administrator = { login: "admin", password: "admin" };

  test("writes a config that doctor takes, with every scenario of the lab's shop", async () => {
    const { code, out, err } = await init(administrator);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const scenario of SCENARIO_NAMES) expect(out).toMatch(new RegExp(`^${scenario} +yes: `, "m"));
    const doctor = await peakproof(["doctor", "--config", "drafted.yaml"], administrator);
    expect({ code: doctor.code, missing: doctor.out.match(/^MISSING.*$/gm) }).toEqual({ code: 0, missing: null });
  });

  test("says what a user of few rights cannot see, and leaves out what the server lacks", async () => {
    await sql("update ir_module_module set state = 'uninstalled' where name = 'stock_picking_batch'");
    const { code, out } = await init();
    await sql("update ir_module_module set state = 'installed' where name = 'stock_picking_batch'");
    expect(code).toBe(0);
    expect(out).toMatch(/^picking-wave +no: .*stock_picking_batch/m);
    expect(out).toContain("may not see whether pp_baseline sends real mail");
    const drafted = readFileSync(join(folder, "drafted.yaml"), "utf8");
    expect(drafted).toMatch(/^ {2}# picking-wave: left out: .*stock_picking_batch/m);
    expect(drafted).toMatch(/^# BEFORE A LOAD: .*ir\.mail_server/m);
    expect(Object.keys(readConfig(join(folder, "drafted.yaml")).workload)).not.toContain("picking-wave");
  });

  test("refuses a portal user", async () => {
    const portal = { login: "portal-user", password: "portal-password" };
    const groups = await admin.call(
      {
        model: "ir.model.data",
        method: "search_read",
        args: [
          [
            ["module", "=", "base"],
            ["name", "=", "group_portal"],
          ],
          ["res_id"],
        ],
      },
      z.array(z.object({ res_id: z.number() })),
    );
    const values = { ...portal, name: "Portal", groups_id: [[6, 0, groups.map(({ res_id }) => res_id)]] };
    await admin.call({ model: "res.users", method: "create", args: [values] }, z.number());
    const { code, err } = await init(portal);
    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining("portal-user of pp_baseline") });
    expect(err).toContain("is a portal user");
  });

  test("refuses a user with a second factor", async () => {
    await sql("update res_users set totp_secret = 'JBSWY3DPEHPK3PXP' where login = $1", [endpoint.login]);
    const { code, err } = await init();
    await sql("update res_users set totp_secret = null where login = $1", [endpoint.login]);
    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining("logs in with a second factor") });
  });

  // The last one: Odoo takes no logins from here for a minute.
  test("tells a login that is refused for a while from one that is wrong", async () => {
    const stranger = { login: "nobody", password: "wrong" };
    const said: string[] = [];
    // Each worker counts its own ten failures.
    while (said.length < 60 && !said.at(-1)?.includes("blocks logins")) said.push((await init(stranger)).err);
    expect(said[0]).toContain("refuses login nobody");
    expect(said.at(-1)).toContain("blocks logins from this address for now");
    expect(said.at(-1)).toContain("Wait a minute");
    expect((await init(stranger)).code).toBe(4);
  });
});
