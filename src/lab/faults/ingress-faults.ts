import { rmSync } from "node:fs";

import { stringify } from "yaml";

import { writeFileAtomicSync } from "../../files/atomic-file.ts";
import { findFreePorts } from "../machine/ports.ts";
import { waitUntil } from "../machine/run-command.ts";
import { serviceOf, traefikRoutePath } from "../services/traefik.ts";
import { type FaultScene, runUntilStopped, type LabFault, notInEffect, pause, untilAborted } from "./fault.ts";
import { fetchText, startAnsweringServer } from "./loopback.ts";

const place = "the candidate's route; the baseline's route is unchanged";
/** The load logs in during the first seconds. Without a login there is nothing to judge. */
const FIRST_AFTER_MS = 6000;
/** Time limit for Traefik to apply a changed file. It usually takes less than a second. */
const TAKEN_UP_MS = 15_000;
/** Traefik's weights are whole numbers. Shares are expressed in thousandths. */
const WHOLE = 1000;

/** Elsewhere is a server other than the candidate's Odoo. */
interface Elsewhere {
  readonly url: string;
  close(): Promise<void>;
}

/** Detour describes the router that replaces the candidate's own router in Traefik's dynamic configuration. */
interface Detour {
  readonly middleware?: unknown;
  /** Another service, and the share of the requests that it gets. */
  readonly elsewhere?: { readonly url: string; readonly share: number };
}

const ingressDelay: LabFault = {
  id: "ingress-delay",
  title: "Traefik asks a slow authentication service before it forwards a request",
  layer: "ingress",
  place,
  unit: "ms per request",
  sizes: { small: 20, medium: 100, large: 300 },
  async inject(scene, amount) {
    const server = await startAnsweringServer({ text: "", afterMs: amount });
    scene.afterwards(() => server.close());
    const ask = async () => {
      const before = server.asked();
      const { status, elapsedMs } = await fetchText(`${scene.arms.candidate.baseUrl}/peakproof_drill/knobs`);
      return { status, elapsedMs, isAsked: server.asked() > before };
    };
    scene.afterwards(() => endDetour(scene, async () => !(await ask()).isAsked));
    detourCandidate(scene, { middleware: { forwardAuth: { address: server.url } } });
    await waitForRoute(scene, "Traefik does not ask the authentication service", async () => (await ask()).isAsked);
    const { status, elapsedMs } = await ask();
    if (status !== 200 || elapsedMs < amount) throw notInEffect(`the answer was ${status} after ${elapsedMs.toFixed(0)} ms`);
    return `the candidate's entry point answers after ${elapsedMs.toFixed(0)} ms and asks the authentication service`;
  },
};

const badGateways = shareElsewhere(
  { id: "bad-gateways", title: "A share of the requests goes to a server that does not run, and Traefik answers 502" },
  async () => {
    const [port = 0] = await findFreePorts(1);
    return { url: `http://127.0.0.1:${port}`, close: async () => undefined };
  },
);

const wrongRoute = shareElsewhere({ id: "wrong-route", title: "A share of the requests is routed to another site" }, async () =>
  startAnsweringServer({ text: "<html><body><h1>It works!</h1></body></html>", afterMs: 0 }),
);

/** INGRESS_FAULTS are faults between the client and Odoo. */
export const INGRESS_FAULTS: readonly LabFault[] = [ingressDelay, badGateways, wrongRoute];

/**
 * shareElsewhere makes a fault that sends a share of the requests to another server. The fault is active only during the load,
 * because the checks before and after the load also use the ingress.
 */
function shareElsewhere(fault: Pick<LabFault, "id" | "title">, open: () => Promise<Elsewhere>): LabFault {
  return {
    ...fault,
    layer: "ingress",
    place: `${place}; during the load`,
    unit: "share of requests",
    sizes: { small: 0.01, medium: 0.05, large: 0.2 },
    inject: (scene, share) =>
      leadElsewhere(scene, { open, share }, async (times) => {
        const foreign = await countForeignAnswers(scene, times);
        if (foreign === 0 || foreign === times) throw notInEffect(`${foreign} of ${times} requests went to the other server`);
        return `${foreign} of ${times} requests to the candidate went to another server`;
      }),
    disturb: async (scene, share) =>
      runUntilStopped(async (stopped) => {
        await pause(FIRST_AFTER_MS, stopped);
        if (!stopped.aborted) await leadElsewhere(scene, { open, share }, () => untilAborted(stopped));
      }),
  };
}

/** leadElsewhere runs work while a share of the requests goes to another server. */
async function leadElsewhere<Result>(
  scene: FaultScene,
  { open, share }: { readonly open: () => Promise<Elsewhere>; readonly share: number },
  work: (times: number) => Promise<Result>,
): Promise<Result> {
  // Traefik distributes requests evenly by weight, so one or two of this number of requests go to the other server.
  const times = Math.ceil(2 / share);
  const other = await open();
  try {
    detourCandidate(scene, { elsewhere: { url: other.url, share } });
    await waitForRoute(scene, "no request goes to the other server", async () => (await countForeignAnswers(scene, times)) > 0);
    return await work(times);
  } finally {
    await endDetour(scene, async () => (await countForeignAnswers(scene, times)) === 0);
    await other.close();
  }
}

/**
 * detourCandidate adds a router with a higher priority than the candidate's own. The service keeps its name, so its metrics
 * continue.
 */
function detourCandidate({ lab }: Pick<FaultScene, "lab">, detour: Detour): void {
  const path = traefikRoutePath(lab.chroot.lab, "drill.yml");
  writeFileAtomicSync(path, renderDetour(detour));
}

/**
 * renderDetour renders the dynamic configuration of a detour. Traefik's default priority is the length of the rule; 10 000 is
 * higher.
 */
export function renderDetour({ middleware, elsewhere }: Detour): string {
  const own = serviceOf("candidate");
  const away = Math.round(WHOLE * (elsewhere?.share ?? 0));
  const services = elsewhere && {
    drill: {
      weighted: {
        services: [
          { name: own, weight: WHOLE - away },
          { name: "drill-elsewhere", weight: away },
        ],
      },
    },
    "drill-elsewhere": { loadBalancer: { servers: [{ url: elsewhere.url }] } },
  };
  const router = {
    entryPoints: ["candidate"],
    rule: "PathPrefix(`/`)",
    priority: 10_000,
    service: elsewhere === undefined ? own : "drill",
    ...(middleware === undefined ? {} : { middlewares: ["drill"] }),
  };
  return stringify({
    http: {
      routers: { drill: router },
      ...(middleware === undefined ? {} : { middlewares: { drill: middleware } }),
      ...(services === undefined ? {} : { services }),
    },
  });
}

/** endDetour removes the router and waits until `isGone` returns true. */
async function endDetour(scene: FaultScene, isGone: () => Promise<boolean>): Promise<void> {
  rmSync(traefikRoutePath(scene.lab.chroot.lab, "drill.yml"), { force: true });
  await waitForRoute(scene, "the candidate's route still leads to the other server", isGone);
}

/** waitForRoute waits until Traefik has applied a change. */
async function waitForRoute(scene: FaultScene, what: string, check: () => Promise<boolean>): Promise<void> {
  // The drill's own signal is not used: the fault must be removed after an interruption, too.
  const { signal } = new AbortController();
  await waitUntil(what, check, { timeoutMs: TAKEN_UP_MS, signal, hint: `Read ${scene.lab.chroot.lab}/log/traefik.out.` });
}

/**
 * countForeignAnswers sends `times` requests to the candidate's entry point and counts the answers that are not from its Odoo.
 */
async function countForeignAnswers({ arms }: FaultScene, times: number): Promise<number> {
  let foreign = 0;
  for (let time = 0; time < times; time += 1) {
    const { status, text } = await fetchText(`${arms.candidate.baseUrl}/peakproof_drill/knobs`);
    if (status !== 200 || !text.startsWith("{")) foreign += 1;
  }
  return foreign;
}
