/** OdooServer is what a configuration file of an Odoo server depends on. Paths are as the server sees them. */
export interface OdooServer {
  readonly database: string;
  readonly dataFolder: string;
  /** Null: the log goes to stderr. */
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

const CORE_ADDONS = "/usr/lib/python3/dist-packages/odoo/addons";

/**
 * renderOdooConfig renders odoo.conf. Passwords stand here and not on the command line, which everybody can read. The server
 * sees exactly one database; the log is at INFO because each request's queries and seconds stand in its access lines.
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

/** Odoo reads its file with Python's configparser and knows booleans as True and False. */
function renderValue(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}
