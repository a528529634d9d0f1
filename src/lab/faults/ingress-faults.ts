import { rmSync } from "node:fs";

import { stringify } from "yaml";

import { writeFileAtomicSync } from "../../files/atomic-file.ts";
import { findFreePorts } from "../machine/ports.ts";
import { waitUntil } from "../machine/run-command.ts";
import { serviceOf, traefikRoutePath } from "../services/traefik.ts";
import { type FaultScene, goOn, type LabFault, notInEffect, pause, untilAborted } from "./fault.ts";
import { fetchText, startAnsweringServer } from "./loopback.ts";

const place = "the candidate's route, while the baseline's stays as it is";
/** Logins of the load are made in the first seconds; without one there is nothing to judge. */
const FIRST_AFTER_MS = 6000;
/** Traefik takes a changed file up within a second. */
const TAKEN_UP_MS = 15_000;
/** Weights are whole numbers: shares are told in thousandths. */
const WHOLE = 1000;

/** Elsewhere is a server that is not the candidate's Odoo. */
interface Elsewhere {
  readonly url: string;
  close(): Promise<void>;
}

/** Detour is what stands between the candidate's entry point and its Odoo, as Traefik's dynamic configuration has it. */
interface Detour {
  readonly middleware?: unknown;
  /** A further service, and the share of the requests that goes there. */
  readonly elsewhere?: { readonly url: string; readonly share: number };
}

const ingressDelay: LabFault = {
  id: "ingress-delay",
  title: "Traefik asks a slow authentication service before it hands a request on",
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
    if (status !== 200 || elapsedMs < amount) throw notInEffect(`an answer ${status} after ${elapsedMs.toFixed(0)} ms`);
    return `the candidate's entry point answers after ${elapsedMs.toFixed(0)} ms, having asked the authentication service`;
  },
};

const badGateways = shareElsewhere(
  { id: "bad-gateways", title: "A share of the requests goes to a server that is gone, and Traefik answers 502" },
  async () => {
    const [port = 0] = await findFreePorts(1);
    return { url: `http://127.0.0.1:${port}`, close: async () => undefined };
  },
);

const wrongRoute = shareElsewhere({ id: "wrong-route", title: "A share of the requests is routed to another site" }, async () =>
  startAnsweringServer({ text: "<html><body><h1>It works!</h1></body></html>", afterMs: 0 }),
);

/** INGRESS_FAULTS are mistakes before Odoo. */
export const INGRESS_FAULTS: readonly LabFault[] = [ingressDelay, badGateways, wrongRoute];

/** A share of the requests goes elsewhere while the load runs, since the checks before and after it go through the ingress too. */
function shareElsewhere(fault: Pick<LabFault, "id" | "title">, open: () => Promise<Elsewhere>): LabFault {
  return {
    ...fault,
    layer: "ingress",
    place: `${place}; while the load runs`,
    unit: "share of requests",
    sizes: { small: 0.01, medium: 0.05, large: 0.2 },
    inject: (scene, share) =>
      leadElsewhere(scene, { open, share }, async (times) => {
        const strange = await countStrange(scene, times);
        if (strange === 0 || strange === times) throw notInEffect(`${strange} of ${times} requests went elsewhere`);
        return `${strange} of ${times} requests to the candidate went elsewhere`;
      }),
    disturb: async (scene, share) =>
      goOn(async (stopped) => {
        await pause(FIRST_AFTER_MS, stopped);
        if (!stopped.aborted) await leadElsewhere(scene, { open, share }, () => untilAborted(stopped));
      }),
  };
}

/** leadElsewhere does work while a share of the requests goes elsewhere. */
async function leadElsewhere<Result>(
  scene: FaultScene,
  { open, share }: { readonly open: () => Promise<Elsewhere>; readonly share: number },
  work: (times: number) => Promise<Result>,
): Promise<Result> {
  // Traefik spreads requests evenly by weight, so that among so many one or two go elsewhere.
  const times = Math.ceil(2 / share);
  const other = await open();
  try {
    detourCandidate(scene, { elsewhere: { url: other.url, share } });
    await waitForRoute(scene, "no request goes elsewhere", async () => (await countStrange(scene, times)) > 0);
    return await work(times);
  } finally {
    await endDetour(scene, async () => (await countStrange(scene, times)) === 0);
    await other.close();
  }
}

/**
 * detourCandidate puts a router before the candidate's own. Its Odoo stays the service that it is, so that Traefik's metrics of it
 * go on under its name.
 */
function detourCandidate({ lab }: Pick<FaultScene, "lab">, detour: Detour): void {
  const path = traefikRoutePath(lab.chroot.lab, "drill.yml");
  writeFileAtomicSync(path, renderDetour(detour));
}

/** renderDetour renders it. A longer priority than the length of any rule wins. */
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

/** endDetour takes the router away, and waits until `isGone`. */
async function endDetour(scene: FaultScene, isGone: () => Promise<boolean>): Promise<void> {
  rmSync(traefikRoutePath(scene.lab.chroot.lab, "drill.yml"), { force: true });
  await waitForRoute(scene, "the candidate's route still leads elsewhere", isGone);
}

/** waitForRoute waits until Traefik has taken up a change. */
async function waitForRoute(scene: FaultScene, what: string, check: () => Promise<boolean>): Promise<void> {
  // Not the signal of the drill: what was put in is taken away after an interruption too.
  const { signal } = new AbortController();
  await waitUntil(what, check, { timeoutMs: TAKEN_UP_MS, signal, hint: `Read ${scene.lab.chroot.lab}/log/traefik.out.` });
}

/** countStrange asks the candidate's entry point some times, and counts the answers that are not its Odoo's. */
async function countStrange({ arms }: FaultScene, times: number): Promise<number> {
  let strange = 0;
  for (let time = 0; time < times; time += 1) {
    const { status, text } = await fetchText(`${arms.candidate.baseUrl}/peakproof_drill/knobs`);
    if (status !== 200 || !text.startsWith("{")) strange += 1;
  }
  return strange;
}
