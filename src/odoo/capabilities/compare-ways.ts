import type { Ways } from "../../domain/target/capabilities.ts";
import { PICKERS } from "./pickers.ts";

/** compareWays says in sentences which capabilities the arms have in different ways; none means that the same load fits both. */
export function compareWays(baseline: Ways, candidate: Ways): readonly string[] {
  return PICKERS.flatMap(({ name }) => {
    const [left = "none", right = "none"] = [baseline[name], candidate[name]];
    return left === right ? [] : [`The baseline has ${name} by ${left}, the candidate by ${right}`];
  });
}
