import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { z } from "zod";

import { HarnessError } from "../domain/error.ts";
import type { Plan } from "../domain/load/plan.ts";
import type { Account } from "../domain/target/target.ts";
import { readConsoleLine } from "./k6-output.ts";

const TIMEOUT_MS = 60_000;

const requirements = z.object({
  scenarios: z.record(z.string(), z.object({ executor: z.string(), rate: z.number() })),
  maxVUs: z.number(),
});

/** inspectK6 has k6 compile the scripts with the plan, and compares the scenarios and rates with the plan. It sends no request. */
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
  // k6 sends no request here, so no password is needed.
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

/** readK6Version reads the version of k6, such as `2.2.0`, and refuses any other major version than 2. */
export async function readK6Version(k6: string): Promise<string> {
  let said = "";
  try {
    said = (await promisify(execFile)(k6, ["version"], { timeout: 20_000 })).stdout;
  } catch (cause) {
    throw new HarnessError("cannot-measure", `k6 could not be started from ${k6}`, {
      hint: "Install k6 2.x, or let `peakproof lab up` build it.",
      cause,
    });
  }
  const version = /v(2\.\d+\.\d+\S*)/.exec(said)?.[1];
  if (version !== undefined) return version;
  throw new HarnessError("cannot-measure", `${k6} is not k6 2.x: ${said.trim().split("\n")[0] ?? "it says nothing"}`, {
    hint: "Install k6 2.x, or let `peakproof lab up` build it.",
  });
}

/** K6Login is the accounts of the scenarios, the same in both arms. */
export interface K6Login {
  readonly login: string;
  readonly password: string;
  readonly apiKey?: string | null;
  /** The customer of logged-in visitors; absent or null where all visitors are guests. */
  readonly customer?: Account | null;
}

/**
 * k6Environment is the whole environment of a k6 process. It is minimal: scripts can read all of it, and K6_ variables of the
 * caller's shell would silently change the load. Secrets are passed here and never in the plan or the arguments.
 */
export function k6Environment(caller: NodeJS.ProcessEnv, options: { planPath: string; user: K6Login }): Record<string, string> {
  return {
    PATH: caller["PATH"] ?? "",
    HOME: caller["HOME"] ?? "",
    // k6 writes times with the local offset.
    TZ: "UTC",
    K6_CSV_TIME_FORMAT: "unix_nano",
    // An unknown import must be an error, not a reason to download another k6.
    K6_AUTO_EXTENSION_RESOLUTION: "false",
    PEAKPROOF_PLAN: options.planPath,
    PEAKPROOF_LOGIN: options.user.login,
    PEAKPROOF_PASSWORD: options.user.password,
    PEAKPROOF_API_KEY: options.user.apiKey ?? "",
    PEAKPROOF_CUSTOMER_LOGIN: options.user.customer?.login ?? "",
    PEAKPROOF_CUSTOMER_PASSWORD: options.user.customer?.password ?? "",
  };
}
