import type { IndicatorChange } from "../../domain/judgement/evaluation.ts";

/** formatNumber writes three significant digits, or whole numbers with thousands apart. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  const digits = Math.min(6, Math.max(0, 2 - size));
  const rounded = value.toFixed(digits);
  const [whole = "", fraction] = rounded.split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
  const decimals = fraction?.replace(/0+$/, "") ?? "";
  return decimals === "" ? grouped : `${grouped}.${decimals}`;
}

/** formatChange writes an effect as people say it: `+97 %` for ratios, `+5 points` for shares, `+3.2 ms` otherwise. */
function formatChange(value: number, change: Pick<IndicatorChange, "effectKind" | "unit">): string {
  const signed = (amount: number) => `${amount < 0 ? "−" : "+"}${formatNumber(Math.abs(amount))}`;
  if (change.effectKind === "ratio") return `${signed(100 * (value - 1))} %`;
  return change.unit === "ratio" ? `${signed(100 * value)} points` : `${signed(value)} ${change.unit}`;
}

/**
 * describeChange is a finding in one phrase: business step, quantity, both values, change, interval, margin.
 * It is the same phrase in every report.
 */
export function describeChange(change: IndicatorChange): string {
  const { baseline, candidate, effect, lower, upper, label } = change;
  if (baseline === null || candidate === null || effect === null || lower === null || upper === null) {
    return `${label}: cannot tell (${change.warnings[0] ?? "no data"})`;
  }
  const value = (number: number) => (change.unit === "ratio" ? `${formatNumber(100 * number)} %` : formatNumber(number));
  const unit = ["ratio", "statements"].includes(change.unit) ? "" : ` ${change.unit}`;
  const interval = `${formatChange(lower, change)} to ${formatChange(upper, change)}`;
  const size = `${formatChange(effect, change)}, interval ${interval}, margin ${describeMargin(change)}`;
  return `${label} ${value(baseline)} → ${value(candidate)}${unit} (${size})`;
}

function describeMargin(change: IndicatorChange): string {
  const limit = change.better === "lower" ? change.marginUpper : change.marginLower;
  return limit === null ? "unknown" : formatChange(limit, change).replace(/^[+−]/, "");
}
