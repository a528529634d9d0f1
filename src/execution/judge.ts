import type { ComparedBundles } from "../bundle/run/compared-runs.ts";
import {
  type BundlePlaces,
  type ChangedFile,
  changedFiles,
  locateBundle,
  type RecordedBundle,
  recordedBundles,
} from "../bundle/run/inputs.ts";
import { readManifest } from "../bundle/run/manifest.ts";
import type { StoredVerdict } from "../bundle/run/verdict.ts";
import { HarnessError } from "../domain/error.ts";
import type { Evaluation } from "../domain/judgement/evaluation.ts";
import { asSchema1 } from "../domain/judgement/schema-1.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { VERSION } from "../domain/version.ts";
import { indicatorsFor } from "../evaluator/catalogue/catalogue.ts";
import { evaluate } from "../evaluator/evaluate.ts";
import { readEvidence } from "../evidence/evidence.ts";

/** judgeBundles reads the evidence of stored runs and judges it. The same bundles and policy give the same evaluation. */
export async function judgeBundles(compared: ComparedBundles, policy: Policy): Promise<Evaluation> {
  return evaluate(await readEvidence(compared, { policy, choose: indicatorsFor }), policy);
}

/** Versions holds the version of peakproof that made a verdict (null where the verdict does not name it), and the running version. */
export interface Versions {
  readonly stored: string | null;
  readonly own: string;
}

/** Verification is the result of recomputing a verdict: identical, or the files or fields that differ. */
export type Verification =
  | {
      readonly kind: "verified";
      readonly bundles: number;
      readonly files: number;
      readonly bytes: number;
      readonly versions: Versions;
    }
  | { readonly kind: "inputs-changed"; readonly files: readonly ChangedFile[] }
  | { readonly kind: "differs"; readonly fields: readonly FieldDifference[]; readonly versions: Versions };

/**
 * verifyVerdict judges the bundles of a stored verdict again, with the policy of the verdict, and compares the bytes.
 *
 * A bundle may have been renamed or moved; its files must be unchanged. A different version number alone is not a difference.
 * `print` is the function that made the stored text.
 */
export async function verifyVerdict(
  { bytes, verdict }: StoredVerdict,
  options: { places: BundlePlaces; print: (evaluation: Evaluation) => string },
): Promise<Verification> {
  const bundles: LocatedBundle[] = [];
  if (verdict.inputs.length === 0) {
    throw new HarnessError("cannot-measure", "the verdict names no inputs, so it cannot be recomputed", {
      hint: "Judge the bundles anew with `peakproof compare`.",
    });
  }
  for (const bundle of recordedBundles(verdict)) bundles.push({ ...bundle, folder: await locateBundle(bundle, options.places) });
  const changed: ChangedFile[] = [];
  for (const bundle of bundles) changed.push(...(await changedFiles(bundle, bundle.folder)));
  if (changed.length > 0) return { kind: "inputs-changed", files: changed };
  const computed = await judgeBundles(await comparedBundles(bundles), verdict.policy);
  const versions = { stored: verdict.method.version ?? null, own: VERSION };
  const { method } = versionAsStored(computed, versions);
  const shaped = verdict.schemaVersion === 1 ? asSchema1(computed) : computed;
  const text = options.print({ ...shaped, method, inputs: namesAsStored(computed, verdict) });
  if (bytes.equals(Buffer.from(text))) {
    return { kind: "verified", bundles: bundles.length, files: verdict.inputs.length, bytes: bytes.length, versions };
  }
  return { kind: "differs", fields: fieldDifferences(JSON.parse(bytes.toString()), JSON.parse(text)), versions };
}

function versionAsStored(computed: Evaluation, { stored }: Versions): Pick<Evaluation, "method"> {
  const { version: _, ...method } = computed.method;
  return { method: stored === null ? method : { ...method, version: stored } };
}

interface LocatedBundle extends RecordedBundle {
  readonly folder: string;
}

/** Older verdicts do not record the arm of each bundle. For a run of one arm, the manifest then names the arm. */
async function comparedBundles(bundles: readonly LocatedBundle[]): Promise<ComparedBundles> {
  const sides = { baseline: [] as string[], candidate: [] as string[] };
  const together: string[] = [];
  for (const { folder, side } of bundles) {
    const { arms } = await readManifest(folder);
    const own = side ?? (arms.length === 1 ? arms[0] : undefined);
    (own === undefined ? together : sides[own]).push(folder);
  }
  const apart = sides.baseline.length + sides.candidate.length;
  if (together.length > 0 && apart > 0) {
    throw new HarnessError(
      "usage",
      "the verdict names both bundles of one arm and bundles of two arms: these cannot be compared",
      {
        hint: "Name a verdict.json that `peakproof compare` or `campaign` wrote, unchanged.",
      },
    );
  }
  return apart > 0 ? { kind: "sides", ...sides } : { kind: "together", bundles: together };
}

/** namesAsStored takes the file names of the stored verdict where the same content was read in the same order: renaming is no difference. */
function namesAsStored(computed: Evaluation, stored: Evaluation): Evaluation["inputs"] {
  const same =
    computed.inputs.length === stored.inputs.length &&
    computed.inputs.every(({ sha256 }, index) => sha256 === stored.inputs[index]?.sha256);
  if (!same) return computed.inputs;
  return computed.inputs.map((input, index) => ({ ...input, path: stored.inputs[index]?.path ?? input.path }));
}

/** FieldDifference is one place where two documents differ, as JSON text; undefined is a missing field. */
export interface FieldDifference {
  readonly field: string;
  readonly stored: string | undefined;
  readonly computed: string | undefined;
}

/** fieldDifferences lists where two JSON documents differ, in the order of the document. Array items with an id are named by the id. */
function fieldDifferences(stored: unknown, computed: unknown, field = ""): FieldDifference[] {
  if (Array.isArray(stored) && Array.isArray(computed)) return itemDifferences(stored, computed, field);
  if (isObject(stored) && isObject(computed)) {
    const [one, other] = [new Map(Object.entries(stored)), new Map(Object.entries(computed))];
    return [...new Set([...one.keys(), ...other.keys()])].flatMap((key) =>
      fieldDifferences(one.get(key), other.get(key), field === "" ? key : `${field}.${key}`),
    );
  }
  const [one, other] = [JSON.stringify(stored), JSON.stringify(computed)];
  return one === other ? [] : [{ field, stored: one, computed: other }];
}

function itemDifferences(stored: readonly unknown[], computed: readonly unknown[], field: string): FieldDifference[] {
  return Array.from({ length: Math.max(stored.length, computed.length) }, (_, index) =>
    fieldDifferences(stored[index], computed[index], `${field}[${nameOf(stored[index] ?? computed[index]) ?? index}]`),
  ).flat();
}

function nameOf(item: unknown): string | null {
  if (!isObject(item)) return null;
  const entries = new Map(Object.entries(item));
  const name: unknown = entries.get("indicator") ?? entries.get("path");
  return typeof name === "string" ? name : null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
