/** K6Login is the API user of the scenarios, the same in both arms. */
export interface K6Login {
  readonly login: string;
  readonly password: string;
  readonly apiKey?: string | null;
}

/**
 * k6Environment is the whole environment of a k6 process. It is small on purpose: scripts can read all of it, and K6_ variables of
 * the caller's shell would silently change the load. Secrets travel here and never in the plan or the arguments.
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
  };
}
