/** MetricSample is one line of the Prometheus text format. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/g;

/** parsePrometheusText parses the text format 0.0.4. Comments and unknown lines are skipped. */
export function parsePrometheusText(text: string): readonly MetricSample[] {
  return text.split("\n").flatMap((line) => {
    if (line === "" || line.startsWith("#")) return [];
    const [, name, labels = "", value] = LINE.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined) return [];
    return [{ name, labels: parseLabels(labels), value: parseValue(value) }];
  });
}

/** Certificate is a certificate that Traefik serves, and its expiry. */
export interface Certificate {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly endsMs: number;
}

/** certificatesOf returns the certificates in the metrics. Traefik 2 and 3 use the same metric name. */
export function certificatesOf(samples: readonly MetricSample[]): readonly Certificate[] {
  return samples
    .filter(({ name }) => name === "traefik_tls_certs_not_after")
    .map(({ labels, value }) => ({
      name: labels["cn"] || labels["sans"] || labels["serial"] || "unnamed",
      endsMs: value * 1000,
    }));
}

function parseLabels(text: string): Record<string, string> {
  const labels = [...text.matchAll(LABEL)].map(([, name = "", value = ""]) => [name, unescape(value)]);
  return Object.fromEntries(labels);
}

function unescape(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

function parseValue(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  return text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
}
