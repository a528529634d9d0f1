import type { Finding } from "../domain/target/finding.ts";
import { labStatus } from "./lab-up.ts";
import { findProgram } from "./setup/prerequisites.ts";

/** examineLab says whether the native lab can be built and runs here. It changes nothing. */
export async function examineLab(options: { projectDir: string }): Promise<readonly Finding[]> {
  const { health, services } = await labStatus(options);
  return [
    {
      name: "root",
      ok: process.getuid?.() === 0,
      needed: true,
      text: process.getuid?.() === 0 ? "may mount and change the user" : "the native lab needs root",
      remedy: 'Start the command as root (for example with "sudo -E"), or use the containers: peakproof lab up --engine docker.',
    },
    program("unshare", "util-linux", true),
    program("mmdebstrap", "mmdebstrap", false),
    program("go", "Go 1.21 or newer, or k6 2.x and Traefik 3.x in PATH", false),
    {
      name: "lab",
      ok: health === "up",
      needed: true,
      text: `lab ${health}: ${services.map(({ name, pid }) => `${name} ${pid === null ? "not running" : `pid ${pid}`}`).join(", ")}`,
      remedy: "Start or heal it: peakproof lab up",
    },
  ];
}

function program(name: string, from: string, needed: boolean): Finding {
  const path = findProgram(name, `${process.env["PATH"] ?? ""}:/usr/local/go/bin`);
  return {
    name,
    ok: path !== null,
    needed,
    text: path ?? `${name} is not in PATH`,
    remedy: `Install ${from}; it is needed to build the lab, not to run it.`,
  };
}
