import type { ValidityFact } from "../../domain/evidence.ts";
import type { RunManifest } from "../../domain/run.ts";
import type { Arrangement } from "../evidence/arranged-runs.ts";
import type { ComparedRun } from "../evidence/compared-runs.ts";
import type { Disturbance } from "../disturbance/disturbances.ts";
import { statusFacts } from "./status-facts.ts";

/** validityFacts says what in the runs limits what may be concluded from them. */
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
  text: "nothing is known about steal and foreign CPU on the host, so no disturbed block was left out",
  remedy: "Run with the host probe, or make sure by other means that the machines were quiet.",
};

/** How a probe record says that the target names no end point for it. */
const NOT_CONFIGURED = "not configured";

function probeFacts(manifest: RunManifest): ValidityFact[] {
  return manifest.probes.flatMap(({ name, readings, failures, lastFailure }): ValidityFact[] => {
    if (failures === 0 && readings > 0) return [];
    const why = lastFailure === null ? "" : `: ${lastFailure}`;
    const remedy = "Run `peakproof doctor`: it says what the probe cannot reach.";
    if (lastFailure?.startsWith(NOT_CONFIGURED) === true) {
      // Told as what was not seen, with what that costs.
      if (manifest.unseen !== undefined) return [];
      const text = `${manifest.runId}: ${name} was ${lastFailure}`;
      return [{ code: "probe-absent", severity: "info", text, remedy: "Name it in the config if it should be judged too." }];
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
      remedy: "Compare runs of the same workload: run one side again.",
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
  if (distinct(({ seed }) => String(seed)).length > 1 && runs.some(({ side }) => side !== null)) {
    facts.push({
      code: "seeds-differ",
      severity: "info",
      text: "the runs had different seeds, so the sides did not do exactly the same work",
      remedy: "Give both sides of a pair the same seed.",
    });
  }
  return facts;
}

function pairingFacts({ runs, pairIsBlock, unpaired }: Arrangement): ValidityFact[] {
  const facts: ValidityFact[] = [];
  if (runs.some(({ side }) => side !== null) && !pairIsBlock) {
    facts.push({
      code: "one-run-each",
      severity: "info",
      text: "fewer than three runs a side: the noise between runs does not show in them, and is learned or assumed",
      remedy: "Run both releases at the same time (schedule duet), or three times or more each, in turns.",
    });
  }
  if (unpaired.length > 0) {
    facts.push({
      code: "runs-unpaired",
      severity: "info",
      text: `left out, having no partner on the other side: ${unpaired.map(({ manifest }) => manifest.runId).join(", ")}`,
      remedy: "Give both sides the same number of runs.",
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
      code: code === "disturbance" ? "disturbed" : code,
      severity: "disturbed",
      text: `${count} of ${blocks} blocks left out, as in: ${own[0]?.text ?? ""}`,
      remedy: "Quieten the machines and run longer; `campaign` repeats disturbed blocks while its budget lasts.",
    };
  });
}
