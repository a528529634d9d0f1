import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll } from "vitest";

import type { Progress } from "../../src/domain/progress.ts";
import type { ArmEndpoint } from "../../src/domain/target/target.ts";
import { ensureK6 } from "../../src/lab/lab-entries.ts";
import { useLab } from "../integration/lab.ts";

/** ContractServer is the server that the contract suite tests. */
export interface ContractServer {
  readonly endpoint: ArmEndpoint;
  /** A user who may remove the records of the load user. */
  readonly admin: { readonly login: string; readonly password: string };
  readonly k6: string;
  /** Bundles of the contract's runs; removed afterwards. */
  readonly folder: string;
}

const named = process.env["PEAKPROOF_ODOO_URL"];

/** isLab is true where no server was named: the lab's server must fulfil the whole contract. */
export const isLab = named === undefined;

export const quiet: Progress = { stage: () => {}, update: () => {}, note: () => {} };

/** useContractServer gives the server that tools/test-odoo.mjs was called with, otherwise an arm of the lab, reduced to its URL. */
export function useContractServer(): () => ContractServer {
  const lab = isLab ? useLab() : null;
  let server: ContractServer | null = null;
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "peakproof-contract-"));
    if (lab === null) {
      const k6 = await ensureK6({ projectDir: folder, signal: new AbortController().signal, progress: quiet });
      server = { ...namedServer(), k6, folder };
      return;
    }
    const { baseline } = (await lab.prepare({ baseline: "1.0" })).target.arms;
    if (baseline === undefined) throw new Error("the lab prepared no baseline");
    // The administrator that Odoo makes with every database; the lab listens on loopback only.
    const admin = { login: "admin", password: "admin" };
    const endpoint = { ...bare(baseline), customer: baseline.customer ?? null, invariantsDsn: baseline.invariantsDsn };
    server = { endpoint, admin, k6: lab.state().entries.k6, folder };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    if (server === null) throw new Error("the server has not been prepared yet");
    return server;
  };
}

function namedServer(): Pick<ContractServer, "endpoint" | "admin"> {
  const user = { login: required("PEAKPROOF_ODOO_LOGIN"), password: required("PEAKPROOF_ODOO_PASSWORD") };
  const endpoint = bare({ baseUrl: named ?? "", database: required("PEAKPROOF_ODOO_DATABASE"), ...user });
  const apiKey = process.env["PEAKPROOF_ODOO_API_KEY"] ?? null;
  return {
    endpoint: { ...endpoint, apiKey, invariantsDsn: process.env["PEAKPROOF_ODOO_INVARIANTS_DSN"] ?? null },
    admin: {
      login: process.env["PEAKPROOF_ODOO_ADMIN_LOGIN"] ?? user.login,
      password: process.env["PEAKPROOF_ODOO_ADMIN_PASSWORD"] ?? user.password,
    },
  };
}

/** bare is an endpoint of which only the answers to requests are visible. */
function bare({
  baseUrl,
  database,
  login,
  password,
}: Pick<ArmEndpoint, "baseUrl" | "database" | "login" | "password">): ArmEndpoint {
  const unseen = { probeDsn: null, invariantsDsn: null, odooLog: null, odooPids: [], traefikService: null };
  return { baseUrl, database, login, password, ...unseen };
}

function required(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  throw new Error(`${name} is not set; start the contract with npm run test:odoo`);
}
