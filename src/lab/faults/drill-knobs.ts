import { z } from "zod";
import { type Arm, ARMS } from "../../domain/arm.ts";
import { notInEffect, type FaultScene } from "./lab-fault.ts";
import { fetchText } from "./fetch-text.ts";

const PREFIX = "PEAKPROOF_DRILL_";

/** Knobs are the amounts that the drill's addon works by, such as `SEARCHES`. */
type Knobs = Readonly<Record<string, number>>;

const answer = z.object({ knobs: z.record(z.string(), z.number()), kept_bytes: z.number() });

/** knobSettings is the environment by which a server's addon gets its amounts. */
export function knobSettings(knobs: Knobs): { readonly environment: Readonly<Record<string, string>> } {
  return {
    environment: Object.fromEntries(Object.entries(knobs).map(([name, amount]) => [`${PREFIX}${name}`, String(amount)])),
  };
}

/** askAddon asks a worker of an arm which amounts it works by, and how much it has kept by its leak. */
export async function askAddon(
  arm: Arm,
  { arms, lab }: FaultScene,
): Promise<{ readonly knobs: Knobs; readonly keptBytes: number }> {
  const { status, text } = await fetchText(`${arms[arm].baseUrl}/peakproof_drill/knobs`, lab.signal);
  if (status !== 200) throw new Error(`the drill's addon in the ${arm} answered ${status}`);
  const { knobs, kept_bytes: keptBytes } = answer.parse(JSON.parse(text));
  return { knobs, keptBytes };
}

/** requireKnobs makes sure that running workers of both arms work by exactly these amounts, and says so. */
export async function requireKnobs(scene: FaultScene, wanted: { both?: Knobs; candidate: Knobs }): Promise<string> {
  for (const arm of ARMS) {
    const { knobs } = await askAddon(arm, scene);
    const expected = { ...wanted.both, ...(arm === "candidate" ? wanted.candidate : {}) };
    if (tell(knobs) !== tell(expected)) throw notInEffect(`the ${arm}'s workers have ${tell(knobs)}, wanted ${tell(expected)}`);
  }
  const [before, after] = [tell({ ...wanted.both }), tell({ ...wanted.both, ...wanted.candidate })];
  return before === after
    ? `workers of both arms work by ${after}`
    : `the candidate's workers work by ${after}, the baseline's by ${before}`;
}

function tell(knobs: Knobs): string {
  const names = Object.keys(knobs).toSorted();
  return names.length === 0 ? "nothing" : names.map((name) => `${name} ${knobs[name] ?? 0}`).join(", ");
}
