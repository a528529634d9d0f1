import { findFreePorts } from "../ports.ts";
import { startAnsweringServer } from "./answering-server.ts";
import { countStrange, detourCandidate, endDetour, waitForRoute } from "./candidate-route.ts";
import { fetchText } from "./fetch-text.ts";
import { notInEffect, type FaultScene, type LabFault } from "./lab-fault.ts";

const place = "the candidate's route, while the baseline's stays as it is";

const ingressDelay: LabFault = {
  id: "ingress-delay",
  title: "Traefik asks a slow authentication service before it hands a request on",
  layer: "ingress",
  place,
  unit: "ms per request",
  sizes: { small: 10, medium: 60, large: 250 },
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

const badGateways: LabFault = {
  id: "bad-gateways",
  title: "A share of the requests goes to a server that is gone, and Traefik answers 502",
  layer: "ingress",
  place,
  unit: "share of requests",
  sizes: { small: 0.01, medium: 0.05, large: 0.2 },
  async inject(scene, amount) {
    const [port = 0] = await findFreePorts(1);
    return leadElsewhere(scene, { url: `http://127.0.0.1:${port}`, share: amount });
  },
};

const wrongRoute: LabFault = {
  id: "wrong-route",
  title: "A share of the requests is routed to another site",
  layer: "ingress",
  place,
  unit: "share of requests",
  sizes: { small: 0.01, medium: 0.05, large: 0.2 },
  async inject(scene, amount) {
    const server = await startAnsweringServer({ text: "<html><body><h1>It works!</h1></body></html>", afterMs: 0 });
    scene.afterwards(() => server.close());
    return leadElsewhere(scene, { url: server.url, share: amount });
  },
};

/** INGRESS_FAULTS are mistakes before Odoo. */
export const INGRESS_FAULTS: readonly LabFault[] = [ingressDelay, badGateways, wrongRoute];

async function leadElsewhere(scene: FaultScene, elsewhere: { url: string; share: number }): Promise<string> {
  // Traefik spreads requests evenly by weight, so that among so many one or two go elsewhere.
  const times = Math.ceil(2 / elsewhere.share);
  scene.afterwards(() => endDetour(scene, async () => (await countStrange(scene, times)) === 0));
  detourCandidate(scene, { elsewhere });
  await waitForRoute(scene, "no request goes elsewhere", async () => (await countStrange(scene, times)) > 0);
  const strange = await countStrange(scene, times);
  if (strange === 0 || strange === times) throw notInEffect(`${strange} of ${times} requests went elsewhere`);
  return `${strange} of ${times} requests to the candidate went elsewhere`;
}
