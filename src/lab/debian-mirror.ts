import { runCommand } from "./run-command.ts";

/** findDebianMirror returns the Debian mirror that this machine itself uses, or null where it names none. */
export async function findDebianMirror(signal: AbortSignal): Promise<string | null> {
  try {
    const format = "$(LABEL)|$(COMPONENT)|$(SITE)";
    const targets = await runCommand(
      "apt-get indextargets",
      ["apt-get", "indextargets", "--format", format, "Created-By: Packages"],
      {
        signal,
        timeoutMs: 30_000,
        hint: "",
      },
    );
    return pickMirror(targets);
  } catch {
    // Not a Debian machine; mmdebstrap has a default of its own.
    return null;
  }
}

/** pickMirror takes the first site of Debian's own main archive; security and third-party archives lack the base packages. */
export function pickMirror(targets: string): string | null {
  for (const line of targets.split("\n")) {
    const [label, component, site] = line.split("|");
    if (label === "Debian" && component === "main" && site !== undefined && /^https?:\/\//.test(site)) return site;
  }
  return null;
}
