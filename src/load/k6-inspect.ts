import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { z } from "zod";

import { HarnessError } from "../domain/error.ts";
import type { Plan } from "../domain/load/plan.ts";
import { readConsoleLine } from "./console-line.ts";
import { k6Environment } from "./k6-environment.ts";

const TIMEOUT_MS = 60_000;

const requirements = z.object({
  scenarios: z.record(z.string(), z.object({ executor: z.string(), rate: z.number() })),
  maxVUs: z.number(),
});

/** inspectK6 lets k6 compile the scripts with the plan and compares what it would run, before anything is sent. */
export async function inspectK6(options: { k6: string; script: string; planPath: string; plan: Plan }): Promise<void> {
  const { k6, script, planPath, plan } = options;
  const found = await runInspect(
    k6,
    ["inspect", "--execution-requirements", "--log-format", "json", "-e", `PEAKPROOF_PLAN=${planPath}`, script],
    planPath,
  );
  const planned = Object.entries(plan.scenarios).map(([name, scenario]) => `${name} at ${scenario.perMinute}`);
  const compiled = Object.entries(found.scenarios).map(([name, scenario]) => `${name} at ${scenario.rate}`);
  if (planned.toSorted().join() !== compiled.toSorted().join()) {
    throw new HarnessError(
      "cannot-measure",
      `k6 would run ${compiled.join(", ")} per minute; the plan says ${planned.join(", ")}`,
      {
        hint: `Make the options of ${script} follow the plan.`,
      },
    );
  }
}

async function runInspect(k6: string, args: string[], planPath: string): Promise<z.infer<typeof requirements>> {
  // Nothing is sent, so no password is needed.
  const env = k6Environment(process.env, { planPath, user: { login: "", password: "" } });
  try {
    const { stdout } = await promisify(execFile)(k6, args, { env, timeout: TIMEOUT_MS, maxBuffer: 16 << 20 });
    return requirements.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new HarnessError("cannot-measure", `k6 refused the scenarios: ${explain(cause)}`, {
      hint: "Run the k6 inspect command by hand to see the whole message; peakproof needs k6 2.x.",
      cause,
    });
  }
}

function explain(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const stderr = "stderr" in cause && typeof cause.stderr === "string" ? cause.stderr : "";
  const errors = stderr
    .split("\n")
    .map(readConsoleLine)
    .flatMap((line) => (line.kind === "error" ? [line.text] : []));
  return errors.at(-1) ?? cause.message;
}
