import { type Arm, ARMS } from "../domain/arm.ts";
import type { LabOptions } from "./lab-context.ts";
import { readLabState } from "./lab-state.ts";
import { labFolder } from "./running-lab.ts";
import { readService } from "./service-process.ts";
import { SHARED_SERVICES, isHealthy, odooServiceName } from "./shared-services.ts";

/** LabStatus is what a lab is at the moment. */
export interface LabStatus {
  /** `broken`: some services run and others do not, or do not answer; `labUp` heals that. */
  readonly health: "up" | "down" | "broken";
  readonly services: readonly { readonly name: string; readonly pid: number | null; readonly address: string | null }[];
}

/** labStatus looks at the lab and changes nothing. */
export async function labStatus(options: Pick<LabOptions, "projectDir">): Promise<LabStatus> {
  const lab = labFolder(options.projectDir);
  const state = readLabState(lab);
  const address = (port: number | undefined, scheme = "") => (port === undefined ? null : `${scheme}127.0.0.1:${port}`);
  const pidOf = (name: string) => readService(lab, name)?.pid ?? null;
  const ports = { postgres: state?.ports.postgres, redis: state?.ports.redis, traefik: state?.ports.metrics };
  const services = [
    ...SHARED_SERVICES.map((name) => ({ name, pid: pidOf(name), address: address(ports[name]) })),
    ...ARMS.map((arm: Arm) => ({
      name: odooServiceName(arm),
      pid: pidOf(odooServiceName(arm)),
      address: address(state?.ports[arm], "http://"),
    })),
  ];
  if (services.every(({ pid }) => pid === null)) return { health: "down", services };
  return { health: state !== null && (await isHealthy(lab, state)) ? "up" : "broken", services };
}
