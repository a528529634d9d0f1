import type { Office } from "../lib/aside.ts";
import { writeLedger } from "../lib/ledger.ts";
import { ARMS } from "../lib/plan.ts";
import type { Arm, Plan, Till } from "../lib/plan.ts";
import { makeStamp } from "../lib/reference.ts";
import type { Sessions } from "../lib/session.ts";
import { wayOf } from "../lib/way.ts";
import { PROTOCOLS } from "./point-of-sale.ts";
import { CLOSINGS, closeTill, openTill } from "./till-session.ts";

/** OpenTills holds the id of the session that the run opened on each till of the plan, in the plan's order, arm by arm. */
export type OpenTills = Partial<Readonly<Record<Arm, readonly number[]>>>;

const SCENARIO = "store-orders";

/**
 * openTills opens every till of the plan in each arm, as stores do in the morning. A till has one open session at a time, so
 * bursts share them. It is no part of the load.
 */
export function openTills(plan: Plan, sessions: Sessions): OpenTills {
  const tills: Partial<Record<Arm, number[]>> = {};
  try {
    for (const office of officesOf(plan, sessions)) {
      const opened: number[] = [];
      tills[office.arm] = opened;
      for (const till of plan.data.store.tills) opened.push(open(plan, office, till));
    }
    return tills;
  } catch (error) {
    // k6 tears nothing down after a set-up that failed, and an open session keeps its till from everybody else.
    closeTills(plan, { sessions, tills });
    throw error;
  }
}

/** closeTills closes what was opened. A till that cannot be closed is told in the log: the business rules find it open. */
export function closeTills(plan: Plan, { sessions, tills }: { sessions: Sessions; tills: OpenTills }): void {
  for (const office of officesOf(plan, sessions)) {
    for (const [place, id] of (tills[office.arm] ?? []).entries()) {
      const { configId = 0 } = plan.data.store.tills[place] ?? {};
      try {
        closeTill(office, id, wayOf(CLOSINGS, plan.capabilities.tillClosing));
        writeLedger(ownerOf(plan, office), { ...entryOf(plan, office, configId), ledger: "done", id });
      } catch (error) {
        console.warn(JSON.stringify({ failure: "application", text: error instanceof Error ? error.message : String(error) }));
      }
    }
  }
}

function open(plan: Plan, office: Office, { configId }: Till): number {
  const entry = entryOf(plan, office, configId);
  const owner = ownerOf(plan, office);
  writeLedger(owner, { ...entry, ledger: "intent", id: null });
  const protocol = wayOf(PROTOCOLS, plan.capabilities.storeOrders);
  const id = openTill(office, { configId, stamp: entry.ref, protocol });
  writeLedger(owner, { ...entry, ledger: "created", id });
  return id;
}

function entryOf({ runId }: Plan, { arm }: Office, configId: number) {
  return { model: "pos.session", ref: `${makeStamp({ runId, arm })}so-till-${configId}`, detail: { configId } };
}

function ownerOf({ runId }: Plan, { arm }: Office) {
  return { runId, arm, scenario: SCENARIO } as const;
}

function officesOf(plan: Plan, sessions: Sessions): Office[] {
  if (plan.scenarios[SCENARIO] === undefined) return [];
  return ARMS.flatMap((arm) => {
    const [target, session] = [plan.arms[arm], sessions[arm]];
    return target === undefined || session === undefined ? [] : [{ arm, target, session }];
  });
}
