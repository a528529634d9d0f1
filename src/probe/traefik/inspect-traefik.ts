import type { Finding } from "../../domain/finding.ts";
import type { Target } from "../../domain/target.ts";
import { blocking, good, poorer, reasonOf } from "../finding.ts";
import { parsePrometheusText } from "./prometheus-text.ts";
import { fetchMetrics, traefikServices } from "./traefik-probe.ts";

const ANSWER_LIMIT_MS = 5_000;

/** inspectTraefik looks whether Traefik tells its metrics; a service is listed there only after its first request. */
export async function inspectTraefik(target: Target, url: string): Promise<readonly Finding[]> {
  try {
    const samples = parsePrometheusText(await fetchMetrics(url, AbortSignal.timeout(ANSWER_LIMIT_MS)));
    if (!samples.some(({ name }) => name.startsWith("traefik_"))) {
      return [
        blocking("traefik", `${url} has no metrics of Traefik`, "Enable metrics.prometheus in Traefik and name its address."),
      ];
    }
    const findings = [good("traefik", `Traefik tells its metrics at ${url}`)];
    if (traefikServices(target).size === 0) {
      findings.push(
        poorer("traefik", "No arm names its Traefik service", "Set traefikService of each arm, such as odoo-baseline@file."),
      );
    }
    return findings;
  } catch (error) {
    return [
      blocking("traefik", `Traefik does not tell its metrics at ${url}: ${reasonOf(error)}`, "Start it, or correct the URL."),
    ];
  }
}
