import { HarnessError } from "../../domain/error.ts";
import { normaliseRoute } from "../../domain/route.ts";
import type { Database } from "../files/database.ts";
import { sqlText, text } from "../files/database.ts";
import type { SampleFile } from "../bundle/sample-file.ts";
import type { ArmTag } from "./import-requests.ts";

/** More steps than anybody has in a script: then the tag holds URLs with numbers in them, or texts. */
const MOST_STEPS = 200;

/**
 * nameSteps gives URLs the name of their route: k6 names a request by its URL where the script does not, and the same page
 * would be another step for every product and every host.
 */
export async function nameSteps(database: Database, files: readonly SampleFile[], stepTag: string): Promise<void> {
  const rows = await database.rows(`select distinct step from requests where step is not null and not setup order by step`, {
    step: text,
  });
  if (rows.length === 0) {
    throw new HarnessError("usage", `no request has the tag "${stepTag}" that should name its step`, {
      hint: `Name one of the tags that are there with --step-tag: ${(await tagNames(database, files)).join(", ")}.`,
    });
  }
  const steps = rows.map(({ step }) => ({ step, name: stepName(step) }));
  const count = new Set(steps.map(({ name }) => name)).size;
  if (count > MOST_STEPS) {
    throw new HarnessError(
      "usage",
      `the tag "${stepTag}" has ${count} values, more than ${MOST_STEPS} steps: ${steps[0]?.name ?? ""}, ...`,
      {
        hint: `Name the tag that says which step a request is with --step-tag: ${(await tagNames(database, files)).join(", ")}.`,
      },
    );
  }
  const renamed = steps.filter(({ step, name }) => step !== name);
  if (renamed.length === 0) return;
  await database.run(`create or replace temp table step_names (step VARCHAR, name VARCHAR)`);
  await database.run(
    `insert into step_names values ${renamed.map(({ step, name }) => `(${sqlText(step)}, ${sqlText(name)})`).join(", ")}`,
  );
  await database.run(`update requests set step = n.name from step_names n where requests.step = n.step`);
}

/** requireArms makes sure that both words for the arms occur. */
export async function requireArms(database: Database, files: readonly SampleFile[], armTag: ArmTag): Promise<void> {
  const rows = await database.rows(`select distinct arm from requests where arm is not null and not setup`, { arm: text });
  const missing = (["baseline", "candidate"] as const).filter((arm) => !rows.some((row) => row.arm === arm));
  if (missing.length === 0) return;
  const values: string[] = [];
  for (const file of files) {
    const found = await database.rows(
      `select distinct ${file.tag(armTag.tag)} as value from ${file.relation} where value is not null limit 20`,
      {
        value: text,
      },
    );
    values.push(...found.map(({ value }) => value));
  }
  const words = missing.map((arm) => `"${armTag[arm]}" (${arm})`).join(" or ");
  throw new HarnessError("usage", `no request has ${words} in its tag "${armTag.tag}"`, {
    hint:
      values.length > 0
        ? `Values that are there: ${[...new Set(values)].sort().join(", ")}.`
        : `Name the right tag with --arm-tag: ${(await tagNames(database, files)).join(", ")}.`,
  });
}

function stepName(step: string): string {
  if (!/^https?:\/\//.test(step)) return step;
  return normaliseRoute(step.replace(/^https?:\/\/[^/?#]*/, "") || "/");
}

async function tagNames(database: Database, files: readonly SampleFile[]): Promise<string[]> {
  const names: string[] = [];
  for (const file of files) {
    const found = await database.rows(
      `select distinct unnest(${file.tagNames}) as name
      from (from ${file.relation} where metric_name = 'http_req_duration' limit 10000)`,
      { name: text },
    );
    names.push(...found.map(({ name }) => name));
  }
  return [...new Set(names)].sort();
}
