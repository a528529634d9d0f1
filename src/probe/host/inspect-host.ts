import { readFileSync } from "node:fs";

import { ARMS } from "../../domain/arm.ts";
import type { Finding } from "../../domain/target/finding.ts";
import type { Target } from "../../domain/target/target.ts";
import { blocking, good, poorer, reasonOf } from "../finding.ts";
import { readProcessTable } from "./process-table.ts";

/** inspectHost looks whether this machine tells of its CPU and pressure, and whether the named Odoo processes run on it. */
export function inspectHost(target: Target): readonly Finding[] {
  try {
    readFileSync("/proc/stat");
  } catch (error) {
    return [blocking("host", `This machine tells nothing of its CPU: ${reasonOf(error)}`, "Run on Linux with /proc.")];
  }
  const findings = [good("host", "This machine tells of its CPU")];
  try {
    readFileSync("/proc/pressure/cpu");
  } catch {
    findings.push(poorer("host", "This kernel does not tell of pressure", "Start Linux with psi=1."));
  }
  const table = readProcessTable();
  for (const arm of ARMS) {
    const gone = (target.arms[arm]?.odooPids ?? []).filter((pid) => !table.has(pid));
    if (gone.length > 0) {
      findings.push(poorer("host", `Processes ${gone.join(", ")} of the ${arm} do not run here`, "Name the ids that run now."));
    }
  }
  return findings;
}
