import { HarnessError } from "../../domain/error.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { CapabilityName } from "../../domain/target/capabilities.ts";
import type { ServerVersion } from "../server-version.ts";

/** missingCapability says what a server lacks, and which module would bring it. */
export function missingCapability(
  capability: CapabilityName | ScenarioName,
  { module, lacks, server }: { module: string; lacks: string; server: ServerVersion },
): HarnessError {
  return new HarnessError("cannot-measure", `Odoo ${server.version} lacks the capability ${capability}: ${lacks}`, {
    hint: `Install or repair the module ${module}, or leave out the scenarios that need it.`,
  });
}
