import { existsSync } from "node:fs";
import type { LabOptions } from "./lab-context.ts";
import { withLabLock } from "./lab-lock.ts";
import type { LabState } from "./lab-state.ts";
import { labUp } from "./lab-up.ts";
import { removeFolder } from "./remove-folder.ts";
import { labFolder } from "./running-lab.ts";
import { stopAllServices } from "./shared-services.ts";

/** labDown stops everything that the lab runs. Its databases stay for the next `labUp`. */
export async function labDown(options: LabOptions): Promise<void> {
  const lab = labFolder(options.projectDir);
  if (!existsSync(lab)) return;
  options.progress.stage("Stopping the lab", 3000);
  await withLabLock(lab, options.signal, () => stopAllServices(lab));
}

/** labReset throws the lab's databases and logs away and starts it from the shop in the cache. */
export async function labReset(options: LabOptions): Promise<LabState> {
  await labDown(options);
  await removeFolder(labFolder(options.projectDir));
  return labUp(options);
}
