import type { Columns } from "./columns.ts";

/** UnitConversion brings a quantity from one unit to another; both are names under which the statement reads `uom_uom`. */
export type UnitConversion = (quantity: string, units: { readonly from: string; readonly to: string }) => string;

/**
 * unitConversion knows what a unit's factor means: up to 18 how many of it make one of the reference (a dozen has 1/12), from 19 on,
 * where units are relative to each other and have no category, how many of the reference it is (a dozen has 12).
 */
export function unitConversion(columns: Columns): UnitConversion {
  if (columns.has("uom_uom.relative_factor")) return (quantity, { from, to }) => `${quantity} * ${from}.factor / ${to}.factor`;
  return (quantity, { from, to }) => `${quantity} / ${from}.factor * ${to}.factor`;
}
