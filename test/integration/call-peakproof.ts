import { spawn } from "node:child_process";
import { join } from "node:path";
import { repository } from "./lab.ts";

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CallOptions {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Gets what is said on stderr as it comes, and the pid of the program. */
  readonly onSaid?: (text: string, pid: number) => void;
}

/** callPeakproof runs the compiled program in a folder, as a user would. What it says goes to stderr too, so that a log of CI shows it. */
export function callPeakproof(args: readonly string[], options: CallOptions): Promise<Ended> {
  const { folder, environment = {}, onSaid = () => {} } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repository, "bin/peakproof.js"), ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
      process.stderr.write(`      ${chunk.toString()}`);
      onSaid(chunk.toString(), child.pid ?? 0);
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}
