import { existsSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { type ScenarioSurvey, type ServerSurvey, surveyServer } from "../../execution/survey-server.ts";
import { findDatabase, requireVersion } from "../../odoo/connection/server.ts";
import { environmentName } from "../config/schema.ts";
import { type Command, type CommandContext, EXIT_CODE, type ParsedArguments, text } from "../terminal/command.ts";
import { type ConfigDraft, draftConfig } from "./draft-config.ts";

/** Names in the config where no login was given. */
const [LOGIN, PASSWORD_ENV] = ["peakproof", "SHOP_PASSWORD"];

export const init: Command = {
  help: `peakproof init --url URL [options]

Asks a server for its version and its capabilities, and writes a commented peakproof.yaml for it. The command sends no load and
changes nothing in the server except a login. Exit codes: 0 the file was written, 4 the server cannot be used.

  --url URL              URL of the shop, through its ingress
  --database NAME        [default: the only database that the server lists]
  --login-env NAME       environment variable that holds the login of an internal user
  --password-env NAME    environment variable that holds the password; without a login only the version is known
  --out FILE             [default: peakproof.yaml]
  --force                overwrite an existing file

  peakproof init --url https://staging.shop.test --login-env SHOP_LOGIN --password-env SHOP_PASSWORD
`,
  options: {
    url: { type: "string" },
    database: { type: "string" },
    "login-env": { type: "string" },
    "password-env": { type: "string" },
    out: { type: "string" },
    force: { type: "boolean" },
  },
  async run(parsed, context) {
    const url = readUrl(text(parsed, "url"));
    const out = resolve(context.cwd, text(parsed, "out") ?? "peakproof.yaml");
    if (existsSync(out) && parsed.values["force"] !== true) {
      throw new HarnessError("usage", `${out} exists already`, {
        hint: "Name another file with --out, or overwrite the file with --force.",
      });
    }
    const user = readUser(parsed, context.environment);
    const server = await askServer(url, text(parsed, "database"), user);
    writeFileSync(out, draftConfig(server.draft));
    const { out: stdout } = context.streams;
    stdout.write(`${server.said}\nwrote ${relative(context.cwd, out)}; next: peakproof doctor\n`);
    return EXIT_CODE.pass;
  },
};

interface User {
  readonly login: string;
  readonly password: string;
  readonly passwordEnv: string;
}

async function askServer(
  url: string,
  named: string | undefined,
  user: User | null,
): Promise<{ readonly draft: ConfigDraft; readonly said: string }> {
  const { version } = await requireVersion(url);
  const database = named ?? (await findDatabase(url));
  if (user === null) {
    const draft = { url, version, database, login: LOGIN, passwordEnv: PASSWORD_ENV, locks: [], scenarios: null };
    return { draft, said: `Odoo ${version}, database ${database}; everything else is unknown without a login\n` };
  }
  const { login, password, passwordEnv } = user;
  const survey = await surveyServer({ baseUrl: url, database, login, password, invariantsDsn: null });
  const { locks, scenarios } = survey;
  return { draft: { url, version, database, login, passwordEnv, locks, scenarios }, said: describeSurvey(survey) };
}

function readUrl(word: string | undefined): string {
  // A path, such as /shop, is not part of the server's address.
  if (word !== undefined && URL.canParse(word) && /^https?:$/.test(new URL(word).protocol)) return new URL(word).origin;
  const said = word === undefined ? "init needs --url" : `--url ${word} is not an http or https URL`;
  throw new HarnessError("usage", said, { hint: "peakproof init --url https://staging.shop.test" });
}

function readUser(parsed: ParsedArguments, environment: CommandContext["environment"]): User | null {
  const [loginEnv, passwordEnv] = [text(parsed, "login-env"), text(parsed, "password-env")];
  if (loginEnv === undefined && passwordEnv === undefined) return null;
  const login = loginEnv === undefined ? undefined : environment[loginEnv];
  const password = passwordEnv === undefined ? undefined : environment[passwordEnv];
  if (!environmentName.safeParse(passwordEnv).success) {
    throw new HarnessError("usage", `--password-env ${passwordEnv ?? ""} is not a name that a config can hold`, {
      hint: "Name the variable in capitals, such as SHOP_PASSWORD.",
    });
  }
  if (passwordEnv === undefined || !login || !password) {
    throw new HarnessError("usage", "--login-env and --password-env belong together, and both variables must be set", {
      hint: "Export login and password and name the variables: --login-env SHOP_LOGIN --password-env SHOP_PASSWORD.",
    });
  }
  return { login, password, passwordEnv };
}

/** describeSurvey prints the survey of a server: its capabilities, its scenarios, its shop, and what forbids a load. */
export function describeSurvey(survey: ServerSurvey): string {
  const { version, database, scenarios, locks } = survey;
  const sections = [
    [`Odoo ${version}, database ${database}`],
    columns(["capability", "variant"], variantsOf(scenarios)),
    columns(
      ["scenario", "can run"],
      scenarios.map((each) => [each.scenario, scenarioWords(each)]),
    ),
    columns(["shop", "has"], shopRows(survey)),
    locks.length === 0 ? ["The server may be loaded."] : locks.map((lock) => `Before a load: ${lock.text}\n  ${lock.remedy}`),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** variantsOf joins the capability variants of all scenarios that can run. */
function variantsOf(scenarios: readonly ScenarioSurvey[]): readonly (readonly [string, string])[] {
  const variants = new Map<string, string>();
  for (const survey of scenarios) {
    if (survey.missing !== null) continue;
    for (const [name, variant] of Object.entries(survey.variants)) variants.set(name, variant);
  }
  return [...variants];
}

function scenarioWords(survey: ScenarioSurvey): string {
  if (survey.missing !== null) return `no: ${survey.missing.text}`;
  const counts = {
    products: survey.products,
    customers: survey.customers,
    "ready pickings": survey.pickings,
    tills: survey.tills,
  };
  const held = Object.entries(counts).filter(([, count]) => count > 0);
  return `yes: ${held.map(([what, count]) => `${count} ${what}`).join(", ") || "it needs no data but the shop's pages"}`;
}

const SHOP_WORDS = {
  open: "open to guests",
  login: "requires an account",
  "no-database": "unknown: the server has several databases, and none for this host name",
  absent: "none",
} as const;

function shopRows({ visitor, payments }: ServerSurvey): readonly (readonly [string, string])[] {
  return [
    ["page", SHOP_WORDS[visitor.shop]],
    ["guests", visitor.account === "mandatory" ? "may not check out" : "may check out"],
    ["payment", payments === null ? "not visible to this user" : paymentWords(payments)],
  ];
}

function paymentWords(payments: NonNullable<ServerSurvey["payments"]>): string {
  return payments.length === 0 ? "none" : payments.map(({ name, state }) => `${name} (${state})`).join(", ");
}

function columns(head: readonly [string, string], rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...[head, ...rows].map(([name]) => name.length)) + 2;
  const line = ([name, value]: readonly [string, string]) => `${name.padEnd(width)}${value}`;
  return [line(head), line(["-".repeat(width - 2), "-".repeat(head[1].length)]), ...rows.map((row) => line(row))];
}
