import type { Finding } from "../../domain/target/finding.ts";
import type { Target } from "../../domain/target/target.ts";
import { tailLog } from "../../files/tail.ts";
import { blocking, good, poorer, reasonOf } from "../finding.ts";
import { certificatesOf } from "./certificates.ts";
import { parsePrometheusText } from "./prometheus-text.ts";
import { fetchMetrics, traefikServices } from "./traefik-probe.ts";

const ANSWER_LIMIT_MS = 5_000;
/** A certificate that ends within a fortnight ends within a peak season. */
const CERTIFICATE_MS = 14 * 24 * 3_600_000;

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
    for (const { name, endsMs } of certificatesOf(samples).filter((one) => one.endsMs < Date.now() + CERTIFICATE_MS)) {
      const end = new Date(endsMs).toISOString().slice(0, 10);
      findings.push(poorer("traefik", `The certificate of ${name} ends on ${end}`, "Renew it before the load."));
    }
    return findings;
  } catch (error) {
    return [
      blocking("traefik", `Traefik does not tell its metrics at ${url}: ${reasonOf(error)}`, "Start it, or correct the URL."),
    ];
  }
}

/** inspectAccessLog looks whether Traefik's access log can be read. */
export async function inspectAccessLog(path: string): Promise<readonly Finding[]> {
  try {
    await tailLog(path).begin();
    return [good("traefik", `The access log ${path} can be read`)];
  } catch (error) {
    const remedy = "Name the file that Traefik writes (accessLog.filePath), give read access to it, or leave it out.";
    return [blocking("traefik", `The access log ${path} cannot be read: ${reasonOf(error)}`, remedy)];
  }
}
