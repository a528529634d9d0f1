import { join } from "node:path";
import { type Chroot, chrootUser, inChroot } from "./chroot.ts";
import { type OdooServer, renderOdooConfig } from "./odoo-config.ts";
import { SYSTEM_PATH, runCommand } from "./run-command.ts";
import { startService, stopService } from "./service-process.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** SERVER_WIDE_MODULE keeps Odoo's sessions in Redis; Odoo's core knows files only. */
export const SERVER_WIDE_MODULE = "peakproof_redis_session";

const ENVIRONMENT = { LANG: "C.UTF-8", HOME: "/tmp", PYTHONDONTWRITEBYTECODE: "1" };
/** Odoo lets running requests end before it goes; what is left then is killed. */
const STOP_GRACE_MS = 3000;

/** startOdoo starts a prefork server. The caller waits for it at its ingress. */
export function startOdoo(
  chroot: Chroot,
  service: { name: string; server: OdooServer; environment: Readonly<Record<string, string>> },
): void {
  const config = writeConfig(chroot, service.name, service.server);
  startService(chroot.lab, {
    name: service.name,
    argv: inChroot(chroot, "odoo", ["/usr/bin/odoo", "-c", config]),
    environment: { ...ENVIRONMENT, ...service.environment },
  });
}

/** stopOdoo ends a server with all of its workers. */
export async function stopOdoo(lab: string, name: string): Promise<void> {
  await stopService(lab, name, { signal: "SIGTERM", graceMs: STOP_GRACE_MS });
}

/** runOdoo runs Odoo on a database until it has done what the arguments say, such as installing modules. */
export async function runOdoo(
  chroot: Chroot,
  run: {
    what: string;
    server: OdooServer;
    argv: readonly string[];
    input?: string;
    timeoutMs: number;
    onLine?: (line: string) => void;
    hint: string;
  },
  signal: AbortSignal,
): Promise<string> {
  const config = writeConfig(chroot, `odoo-${run.server.database}`, run.server);
  const [command, ...rest] = run.argv;
  const argv = command === "shell" ? ["shell", "-c", config, ...rest] : ["-c", config, ...run.argv];
  return runCommand(run.what, inChroot(chroot, "odoo", ["/usr/bin/setpriv", "--pdeathsig", "KILL", "/usr/bin/odoo", ...argv]), {
    signal,
    timeoutMs: run.timeoutMs,
    environment: { PATH: SYSTEM_PATH, ...ENVIRONMENT },
    ...(run.input === undefined ? {} : { input: run.input }),
    ...(run.onLine === undefined ? {} : { onLine: run.onLine }),
    hint: run.hint,
  });
}

/** hostPath turns a path under /lab, as services see it, into the host's. */
function hostPath(chroot: Chroot, path: string): string {
  return join(chroot.lab, path.replace(/^\/lab\//, ""));
}

function writeConfig(chroot: Chroot, name: string, server: OdooServer): string {
  const path = `/lab/odoo/${name}.conf`;
  writeFileAtomically(hostPath(chroot, path), renderOdooConfig(server), { mode: 0o600, owner: chrootUser(chroot.root, "odoo") });
  return path;
}
