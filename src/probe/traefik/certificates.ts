import type { MetricSample } from "./prometheus-text.ts";

/** Certificate is one that Traefik serves, and when it ends. */
export interface Certificate {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly endsMs: number;
}

/** certificatesOf reads them from the metrics, where Traefik 2 and 3 tell them under one name. */
export function certificatesOf(samples: readonly MetricSample[]): readonly Certificate[] {
  return samples
    .filter(({ name }) => name === "traefik_tls_certs_not_after")
    .map(({ labels, value }) => ({
      name: labels["cn"] || labels["sans"] || labels["serial"] || "unnamed",
      endsMs: value * 1000,
    }));
}
