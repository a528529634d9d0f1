import type { Calibration, LearnedNoise } from "../domain/judgement/policy.ts";

/** calibrationText shows what was learned, one indicator a line, the noisiest first; those that hold still are only counted. */
export function calibrationText({ release, target, schedule, runs, loadMs, indicators }: Calibration): string {
  const all = Object.entries(indicators);
  const rows = all
    .filter(([, { upperSd }]) => upperSd > 0)
    .sort(([a, left], [b, right]) => right.upperSd - left.upperSd || (a < b ? -1 : 1));
  const width = Math.max(9, ...rows.map(([id]) => id.length));
  const head = `${"indicator".padEnd(width)}  runs  between runs  used by the judge  autocorrelation  bias of the candidate`;
  const seconds = Math.round(loadMs / 1000);
  return `${[
    `Noise between ${runs.length} runs of ${release} on ${target}, ${schedule}, ${seconds} s of load each`,
    "",
    head,
    ...rows.map(([id, noise]) => `${id.padEnd(width)}  ${row(noise)}`),
    `${all.length - rows.length} more indicators did not differ between runs beyond what each run shows by itself`,
  ].join("\n")}\n`;
}

function row({ scale, n, sd, upperSd, autocorrelation, bias }: LearnedNoise): string {
  const shown = (value: number) => (scale === "log" ? `${(100 * value).toFixed(2)} %` : value.toPrecision(2));
  const cells = [
    String(n).padStart(4),
    shown(sd).padStart(12),
    shown(upperSd).padStart(17),
    autocorrelation.toFixed(2).padStart(15),
    (bias === null ? "" : shown(bias)).padStart(21),
  ];
  return cells.join("  ");
}
