import { rmSync } from "node:fs";
import { stringify } from "yaml";
import { serviceOf } from "../traefik-config.ts";
import { traefikRoutePath } from "../traefik-service.ts";
import { waitUntil } from "../wait-until.ts";
import { writeFileAtomically } from "../write-file-atomically.ts";
import { fetchText } from "./fetch-text.ts";
import type { FaultScene } from "./lab-fault.ts";

/** Traefik takes a changed file up within a second. */
const TAKEN_UP_MS = 15_000;

/** Detour is what stands between the candidate's entry point and its Odoo, as Traefik's dynamic configuration has it. */
interface Detour {
  readonly middleware?: unknown;
  /** A further service, and the share of the requests that goes there. */
  readonly elsewhere?: { readonly url: string; readonly share: number };
}

/** Weights are whole numbers: shares are told in thousandths. */
const WHOLE = 1000;

/**
 * detourCandidate puts a router before the candidate's own. Its Odoo stays the service that it is, so that Traefik's metrics of it
 * go on under its name.
 */
export function detourCandidate({ lab }: Pick<FaultScene, "lab">, detour: Detour): void {
  const path = traefikRoutePath(lab.chroot.lab, "drill.yml");
  writeFileAtomically(path, renderDetour(detour));
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
export async function endDetour(scene: FaultScene, isGone: () => Promise<boolean>): Promise<void> {
  rmSync(traefikRoutePath(scene.lab.chroot.lab, "drill.yml"), { force: true });
  await waitForRoute(scene, "the candidate's route still leads elsewhere", isGone);
}

/** waitForRoute waits until Traefik has taken up a change. */
export async function waitForRoute(scene: FaultScene, what: string, check: () => Promise<boolean>): Promise<void> {
  // Not the signal of the drill: what was put in is taken away after an interruption too.
  const { signal } = new AbortController();
  await waitUntil(what, check, { timeoutMs: TAKEN_UP_MS, signal, hint: `Read ${scene.lab.chroot.lab}/log/traefik.out.` });
}

/** countStrange asks the candidate's entry point some times, and counts the answers that are not its Odoo's. */
export async function countStrange({ arms }: FaultScene, times: number): Promise<number> {
  let strange = 0;
  for (let time = 0; time < times; time += 1) {
    const { status, text } = await fetchText(`${arms.candidate.baseUrl}/peakproof_drill/knobs`);
    if (status !== 200 || !text.startsWith("{")) strange += 1;
  }
  return strange;
}
