import { type Database, number } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import type { ValidityFact } from "../../domain/judgement/evidence.ts";
import type { RunManifest } from "../../domain/load/run.ts";
import type { Disturbance } from "../disturbance/disturbances.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { Arrangement } from "../frame/time-axis.ts";

/** validityFacts lists the facts about the runs that limit the conclusions. */
export function validityFacts(
  runs: readonly ComparedRun[],
  arrangement: Arrangement,
  options: { disturbances: readonly Disturbance[]; blocks: number; hostKnown: boolean },
): ValidityFact[] {
  const { disturbances, blocks, hostKnown } = options;
  return [
    ...runs.flatMap(({ manifest }) => [...statusFacts(manifest), ...probeFacts(manifest)]),
    ...differenceFacts(runs),
    ...pairingFacts(arrangement),
    ...disturbanceFacts(disturbances, blocks),
    ...(hostKnown ? [] : [hostUnknown]),
  ];
}

const hostUnknown: ValidityFact = {
  code: "host-unknown",
  severity: "info",
  text: "steal and foreign CPU of the host are unknown, so no disturbed block was left out",
  remedy: "Run with the host probe, or verify by other means that nothing else ran on the machines.",
};

function probeFacts(manifest: RunManifest): ValidityFact[] {
  return manifest.probes.flatMap(({ name, state, readings, failures, lastFailure }): ValidityFact[] => {
    if (failures === 0 && readings > 0) return [];
    const why = lastFailure === null ? "" : `: ${lastFailure}`;
    const remedy = "Run `peakproof doctor`: it names what the probe cannot reach.";
    if (state === "not-configured") {
      // Newer bundles list these parts in `unseen`, and the verdict lists the gates that are missing for it.
      if (manifest.unseen !== undefined) return [];
      const text = `${manifest.runId}: ${name} was ${lastFailure ?? "not configured"}`;
      return [{ code: "probe-absent", severity: "info", text, remedy: "Name it in the config to have it judged." }];
    }
    if (readings === 0) {
      const text = `${manifest.runId}: the probe ${name} read nothing${why}`;
      return [{ code: "probe-missing", severity: "invalid", text, remedy }];
    }
    return [
      {
        code: "probe-gaps",
        severity: "info",
        text: `${manifest.runId}: the probe ${name} failed ${failures} times${why}`,
        remedy,
      },
    ];
  });
}

function differenceFacts(runs: readonly ComparedRun[]): ValidityFact[] {
  const distinct = (read: (manifest: RunManifest) => string | null) => [...new Set(runs.map(({ manifest }) => read(manifest)))];
  const facts: ValidityFact[] = [];
  if (distinct(({ workloadHash }) => workloadHash).length > 1) {
    facts.push({
      code: "workload-differs",
      severity: "invalid",
      text: "the runs did not have the same workload",
      remedy: "Compare runs of the same workload: run one arm again.",
    });
  }
  if (distinct(({ k6Version }) => k6Version).length > 1) {
    facts.push({
      code: "k6-differs",
      severity: "info",
      text: "the runs were made with different versions of k6",
      remedy: "Use one version of k6.",
    });
  }
  if (distinct(({ seed }) => String(seed)).length > 1 && runs.some(({ arm }) => arm !== null)) {
    facts.push({
      code: "seeds-differ",
      severity: "info",
      text: "the runs had different seeds, so the arms did not do exactly the same work",
      remedy: "Give both runs of a pair the same seed.",
    });
  }
  return facts;
}

function pairingFacts({ runs, pairIsBlock, unpaired }: Arrangement): ValidityFact[] {
  const facts: ValidityFact[] = [];
  if (runs.some(({ arm }) => arm !== null) && !pairIsBlock) {
    facts.push({
      code: "one-run-each",
      severity: "info",
      text: "fewer than three runs of each arm: they do not show the noise between runs, which is taken from a calibration or assumed",
      remedy: "Run both releases at the same time (schedule duet), or run each three times or more, in turns.",
    });
  }
  if (unpaired.length > 0) {
    facts.push({
      code: "runs-unpaired",
      severity: "info",
      text: `left out, because the other arm has no matching run: ${unpaired.map(({ manifest }) => manifest.runId).join(", ")}`,
      remedy: "Give both arms the same number of runs.",
    });
  }
  return facts;
}

function disturbanceFacts(disturbances: readonly Disturbance[], blocks: number): ValidityFact[] {
  const codes = [...new Set(disturbances.map(({ code }) => code))].sort();
  return codes.map((code) => {
    const own = disturbances.filter((one) => one.code === code);
    const count = new Set(own.map(({ block }) => block)).size;
    return {
      code,
      severity: "disturbed",
      text: `${count} of ${blocks} blocks left out, as in: ${own[0]?.text ?? ""}`,
      remedy: "Stop other work on the machines and run longer. `campaign` repeats disturbed blocks while its budget lasts.",
    };
  });
}

/** Reports a run that did not end, and a bundle that lacks some of what k6 counted. */
function statusFacts(manifest: RunManifest): ValidityFact[] {
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
        remedy: "Look into k6/ for the reason, and run again.",
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
        text: `${runId}: k6 wrote no summary, so it is unknown whether samples were lost`,
        remedy: "Look into k6/ for the reason, and run again.",
      },
    ];
  }
  const { summary } = counts;
  const differing = (["iterations", "httpRequests", "dropped"] as const).filter((name) => counts[name] !== summary[name]);
  return differing.map((name) => ({
    code: "samples-lost",
    severity: "invalid",
    text: `${runId}: the bundle holds ${counts[name]} ${WORDS[name]}, k6 counted ${summary[name]}`,
    remedy: "Run again with free space on the disk and a load generator that is not overloaded.",
  }));
}

const WORDS = { iterations: "iterations", httpRequests: "HTTP requests", dropped: "dropped iterations" };

/**
 * bundleLoss compares the rows of a finished bundle with their number when it was closed. Otherwise the indicators of a file that
 * was lost since would disappear without notice.
 */
export async function bundleLoss(
  database: Database,
  tables: Pick<EvidenceTables, "samples" | "readings">,
  runs: readonly ComparedRun[],
): Promise<ValidityFact[]> {
  const facts: ValidityFact[] = [];
  for (const table of ["samples", "readings"] as const) {
    const rows = await database.rows(sql`select run, count(*) as rows from ${tables[table]} group by run`, {
      run: number,
      rows: number,
    });
    for (const { index, manifest } of runs) {
      if (manifest.status !== "complete" && manifest.status !== "imported") continue;
      const held = rows.find(({ run }) => run === index)?.rows ?? 0;
      if (held === manifest.counts[table]) continue;
      facts.push({
        code: `${table}-missing`,
        severity: "invalid",
        text: `${manifest.runId}: the bundle holds ${held} ${table}, and held ${manifest.counts[table]} when the run ended`,
        remedy: `Restore ${table}.parquet from a copy of the bundle, or run again.`,
      });
    }
  }
  return facts;
}
