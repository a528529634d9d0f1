import type { ValidityFact } from "../../domain/evidence.ts";
import type { RunManifest } from "../../domain/run.ts";

/** statusFacts says whether a run came to its end, and whether all that k6 counted has arrived in its bundle. */
export function statusFacts(manifest: RunManifest): ValidityFact[] {
  return [...endFacts(manifest), ...lossFacts(manifest)];
}

function endFacts({ status, statusReason, runId, counts }: RunManifest): ValidityFact[] {
  if (status === "aborted" || status === "failed") {
    return [
      {
        code: `run-${status}`,
        severity: "invalid",
        text: `${runId} was ${status === "aborted" ? "cut short" : "not measured"}: ${statusReason ?? "reason unknown"}`,
        remedy: "Run it again to its end.",
      },
    ];
  }
  if (counts.samples === 0) {
    return [
      {
        code: "no-samples",
        severity: "invalid",
        text: `${runId} holds no samples`,
        remedy: "Run again, and look into k6/ for the reason.",
      },
    ];
  }
  return [];
}

function lossFacts({ status, runId, counts }: RunManifest): ValidityFact[] {
  if (status === "aborted" || status === "failed" || (status === "imported" && counts.summary === null)) return [];
  if (counts.summary === null) {
    return [
      {
        code: "summary-missing",
        severity: "invalid",
        text: `${runId}: k6 wrote no summary, so nobody knows whether samples were lost`,
        remedy: "Run again, and look into k6/ for the reason.",
      },
    ];
  }
  const { summary } = counts;
  const differing = (["iterations", "httpRequests", "dropped"] as const).filter((name) => counts[name] !== summary[name]);
  return differing.map((name) => ({
    code: "samples-lost",
    severity: "invalid",
    text: `${runId}: the bundle holds ${counts[name]} ${WORDS[name]}, k6 counted ${summary[name]}`,
    remedy: "Run again with room on the disk and a loader that is not overloaded.",
  }));
}

const WORDS = { iterations: "iterations", httpRequests: "HTTP requests", dropped: "dropped iterations" };
