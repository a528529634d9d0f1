import { findFreePorts } from "../ports.ts";
import { startAnsweringServer } from "./answering-server.ts";
import { countStrange, detourCandidate, endDetour, waitForRoute } from "./candidate-route.ts";
import { fetchText } from "./fetch-text.ts";
import { goOn } from "./go-on.ts";
import { notInEffect, type FaultScene, type LabFault } from "./lab-fault.ts";
import { pause, untilAborted } from "./pause.ts";

const place = "the candidate's route, while the baseline's stays as it is";

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

/** Elsewhere is a server that is not the candidate's Odoo. */
interface Elsewhere {
  readonly url: string;
  close(): Promise<void>;
}

/** Logins of the load are made in the first seconds; without one there is nothing to judge. */
const FIRST_AFTER_MS = 6000;

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
