import { afterEach } from "vitest";

import type { CleanedArm, LedgerRecord } from "../../../src/domain/load/ledger.ts";
import { SCENARIO_NAMES, type ScenarioName } from "../../../src/domain/load/plan.ts";
import type { Progress } from "../../../src/domain/progress.ts";
import { cleanArm } from "../../../src/odoo/cleanup/clean-arm.ts";
import { type KilledRun, killedRun } from "./killed-run.ts";
import { openStandIn, type StandIn } from "./stand-in-odoo.ts";
import { ODOO_14, type StandInVersion } from "./stand-in-version.ts";

export const quiet: Progress = { stage: () => {}, update: () => {}, note: () => {} };

interface Changes {
  readonly scenarios?: readonly ScenarioName[];
  readonly ledger?: readonly LedgerRecord[];
  readonly signal?: AbortSignal;
}

/** Shop is a stand-in for an Odoo after a killed run, with the cleanup of that run. */
export interface Shop {
  readonly run: KilledRun;
  readonly odoo: StandIn;
  /** Opens an Odoo of one version with a new database. */
  begin(version: StandInVersion): Promise<void>;
  clean(changes?: Changes): Promise<CleanedArm>;
}

/** useShop provides a shop to each test. The test calls begin first. */
export function useShop(): Shop {
  let run = killedRun(ODOO_14);
  let odoo: StandIn | null = null;
  afterEach(() => odoo?.close());
  const opened = () => {
    if (odoo === null) throw new Error("the test has not called begin");
    return odoo;
  };
  return {
    get run() {
      return run;
    },
    get odoo() {
      return opened();
    },
    async begin(version) {
      run = killedRun(version);
      odoo = await openStandIn(run.tables, version);
    },
    clean: (changes = {}) =>
      cleanArm({
        account: { baseUrl: opened().baseUrl, database: "shop", login: "admin", password: "admin", invariantsDsn: null },
        loadedBy: "api",
        runId: "261121-0930-k3x",
        arm: "baseline",
        scenarios: SCENARIO_NAMES,
        sinceMs: Date.UTC(2026, 10, 20),
        ledger: [],
        signal: new AbortController().signal,
        progress: quiet,
        pauseMs: 0,
        ...changes,
      }),
  };
}

/** left counts the remaining records of the run by model: those that cannot be undone, or all others. */
export function left(cleaned: CleanedArm, irreversible: boolean): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { model, count, irreversible: isKept } of cleaned.kept) {
    if (isKept === irreversible) counts[model] = (counts[model] ?? 0) + count;
  }
  return counts;
}

/** STAYS counts the records of killed-run.ts that cannot be undone, by model: posted, delivered, applied or sent records. */
export const STAYS = {
  "mail.mail": 1,
  "payment.transaction": 1,
  "account.move": 3,
  "account.bank.statement": 3,
  "pos.order": 2,
  "pos.session": 3,
  "stock.picking.batch": 1,
  "stock.picking": 8,
  "sale.order": 1,
  "stock.inventory": 2,
  "stock.move": 4,
  "res.partner": 1,
  "mail.message": 1,
};

/**
 * stays returns STAYS for one version. Newer versions have no record of a count, no cash statement, and no journal entry of a
 * payment. Without the entry, the shopper is removed, and a sent mail no longer has a recipient to search for.
 */
export function stays({ countsQuants, closesTills, paysWithoutEntry }: StandInVersion): Record<string, number> {
  const gone = new Set([
    ...(countsQuants ? ["stock.inventory"] : []),
    ...(closesTills ? ["account.bank.statement"] : []),
    ...(paysWithoutEntry ? ["payment.transaction", "res.partner", "mail.mail"] : []),
  ]);
  const kept = Object.fromEntries(Object.entries(STAYS).filter(([model]) => !gone.has(model)));
  return paysWithoutEntry ? { ...kept, "account.move": 2 } : kept;
}
