import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Evaluation, IndicatorChange } from "../../src/domain/judgement/evaluation.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** LabCampaign is one campaign on the native lab: its verdict and its total time. */
export interface LabCampaign {
  readonly verdict: Evaluation;
  readonly seconds: number;
}

/** CampaignNotMeasured is thrown where a campaign ended without a verdict. */
export class CampaignNotMeasured extends Error {}

/** OnProgress gets the program's progress text and its pid. */
type OnProgress = (text: string, pid: number) => void;

/** judgeOnLab runs `peakproof campaign` as a user would. Its progress goes to stderr. */
export async function judgeOnLab(args: readonly string[], onProgress?: OnProgress): Promise<LabCampaign> {
  const startedMs = Date.now();
  const { code, out } = await peakproof(["campaign", ...args, "--format", "json"], { onProgress });
  const command = `peakproof campaign ${args.join(" ")}`;
  if (code === 4) throw new CampaignNotMeasured(`${command} could not measure`);
  if (code === null || ![0, 1, 3].includes(code)) throw new Error(`${command} ended with ${code}`);
  const verdict: Evaluation = JSON.parse(out);
  return { verdict, seconds: Math.round((Date.now() - startedMs) / 1000) };
}

/** stopLab stops the lab that the campaigns used. A lab belongs to the folder of its config. */
export async function stopLab(folder: string = root): Promise<void> {
  await peakproof(["lab", "down"], { cwd: folder });
}

function peakproof(
  args: readonly string[],
  options: { cwd?: string; onProgress?: OnProgress | undefined },
): Promise<{ code: number | null; out: string }> {
  const { cwd = root, onProgress = () => {} } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "bin/peakproof.js"), ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      process.stderr.write(chunk);
      onProgress(chunk.toString(), child.pid ?? 0);
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out }));
  });
}

/** effectOf formats the effect of one indicator with its interval. */
export function effectOf({ changes }: Evaluation, id: string): string {
  const change = changes.find(({ indicator }) => indicator === id);
  const { effect = null, lower = null, upper = null } = change ?? {};
  if (effect === null || lower === null || upper === null) return "no data";
  const percent = (ratio: number) => `${ratio >= 1 ? "+" : ""}${(100 * (ratio - 1)).toFixed(2)}`;
  return `${percent(effect)} % [${percent(lower)}, ${percent(upper)}]`;
}

/** undecidedGates lists the gates that prevent a PASS. */
export function undecidedGates({ changes }: Evaluation): readonly IndicatorChange[] {
  return changes.filter(({ gate, change, notWorse }) => gate && change === "inconclusive" && !notWorse);
}

/** describeLoad says how much load a verdict took. */
export function describeLoad({ load: { loadMs, blocks, blocksLeftOut } }: Evaluation): string {
  return `${Math.round(loadMs / 1000)} s, ${blocksLeftOut} of ${blocks} blocks left out`;
}
