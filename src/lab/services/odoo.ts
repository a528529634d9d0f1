import { join } from "node:path";

import { writeFileAtomicSync } from "../../files/atomic-file.ts";
import { type Chroot, chrootUser, inChroot } from "../machine/chroot.ts";
import { runCommand, SYSTEM_PATH } from "../machine/run-command.ts";
import { startService, stopService } from "../machine/service-process.ts";

/** SERVER_WIDE_MODULE is the addon that stores Odoo's sessions in Redis. Odoo itself stores sessions in files. */
export const SERVER_WIDE_MODULE = "peakproof_redis_session";

const ENVIRONMENT = { LANG: "C.UTF-8", HOME: "/tmp", PYTHONDONTWRITEBYTECODE: "1" };
/** On SIGTERM Odoo lets running requests end. What still runs after this time is killed. */
const STOP_GRACE_MS = 3000;
const CORE_ADDONS = "/usr/lib/python3/dist-packages/odoo/addons";

/** OdooServer holds the settings of an Odoo server's configuration file. Paths are as the server sees them. */
export interface OdooServer {
  readonly database: string;
  readonly dataFolder: string;
  /** Null: the server logs to stderr. */
  readonly logFile: string | null;
  readonly addonsFolders: readonly string[];
  readonly serverWideModules: readonly string[];
  readonly postgresPort: number;
  readonly postgresPassword: string;
  readonly masterPassword: string;
  readonly http: {
    readonly port: number;
    readonly longpollingPort: number;
    readonly workers: number;
    readonly cronThreads: number;
  } | null;
}

/** startOdoo starts a prefork server. It does not wait: the caller waits for an answer through the ingress. */
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

/** stopOdoo stops a server and all of its workers. */
export async function stopOdoo(lab: string, name: string): Promise<void> {
  await stopService(lab, name, { signal: "SIGTERM", graceMs: STOP_GRACE_MS });
}

/** runOdoo runs Odoo on a database until the task of `argv` is complete, such as installing modules. */
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

/**
 * renderOdooConfig renders odoo.conf. Passwords are in this file because every user can read a command line. The server sees
 * exactly one database. The log level is INFO because the access lines hold the queries and seconds of each request.
 */
export function renderOdooConfig(server: OdooServer): string {
  const settings: Record<string, string | number | boolean> = {
    addons_path: [CORE_ADDONS, ...server.addonsFolders].join(","),
    data_dir: server.dataFolder,
    ...(server.logFile === null ? {} : { logfile: server.logFile }),
    log_level: "info",
    db_host: "127.0.0.1",
    db_port: server.postgresPort,
    db_user: "odoo",
    db_password: server.postgresPassword,
    db_name: server.database,
    dbfilter: `^${server.database}$`,
    list_db: false,
    admin_passwd: server.masterPassword,
    server_wide_modules: ["base", "web", ...server.serverWideModules].join(","),
    ...httpSettings(server.http),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${renderValue(value)}`);
  return `[options]\n${lines.join("\n")}\n`;
}

function writeConfig(chroot: Chroot, name: string, server: OdooServer): string {
  const path = `/lab/odoo/${name}.conf`;
  writeFileAtomicSync(hostPath(chroot, path), renderOdooConfig(server), { mode: 0o600, owner: chrootUser(chroot.root, "odoo") });
  return path;
}

/** hostPath converts a path under /lab, as services see it, into the path on the host. */
function hostPath(chroot: Chroot, path: string): string {
  return join(chroot.lab, path.replace(/^\/lab\//, ""));
}

function httpSettings(http: OdooServer["http"]): Record<string, string | number | boolean> {
  if (http === null) return { http_enable: false, max_cron_threads: 0 };
  return {
    http_interface: "127.0.0.1",
    http_port: http.port,
    longpolling_port: http.longpollingPort,
    proxy_mode: true,
    workers: http.workers,
    max_cron_threads: http.cronThreads,
  };
}

/** Odoo reads the file with Python's configparser, which expects booleans as True and False. */
function renderValue(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}
