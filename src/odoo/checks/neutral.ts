import { type Client, DatabaseError } from "pg";
import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { withInvariantsConnection } from "../connection/database.ts";
import { type OdooAccount, type OdooSession, searchRead } from "../connection/session.ts";
import { isDenied } from "./loadable.ts";

/**
 * MailServer is an outgoing mail server. A server without a host (null by SQL, false by RPC) stands for the one of Odoo's
 * configuration file, which is possible from 17 on.
 */
interface MailServer {
  readonly id: number;
  readonly name: string;
  readonly smtp_host: string | false | null;
}

/** Provider is a payment provider; up to Odoo 15 its model is called acquirer. */
interface Provider {
  readonly id: number;
  readonly name: string;
}

/** Hosts from which no mail leaves: the local machine, and names in the top-level domain that RFC 2606 reserves. */
const HARMLESS_HOST = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|(.+\.)?invalid)$/i;

/** The active mail servers. */
const SERVERS_SQL = "select id, name, smtp_host from ir_mail_server where active order by id";

/** PROVIDER_MODELS are the models of payment providers, by version of Odoo. A database has one of them, or none. */
const PROVIDER_MODELS = ["payment.acquirer", "payment.provider"];

const mailServerShape = z.object({ id: z.number(), name: z.string(), smtp_host: z.union([z.string(), z.literal(false)]) });
const providerShape = z.object({ id: z.number(), name: z.string() });

/**
 * requireNeutralDatabase refuses, before any login, a database that would send real mail or take real money during a load. A
 * payment provider that is disabled or in test mode takes no money; Odoo's own neutralisation sets these states.
 */
export async function requireNeutralDatabase(dsn: string, account: OdooAccount): Promise<void> {
  await withInvariantsConnection(dsn, async (client) => {
    try {
      const servers = await client.query<MailServer>(SERVERS_SQL);
      refuseReal(account, { servers: servers.rows, live: await readLive(client) });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw new HarnessError(
        "cannot-measure",
        `The invariants role cannot see whether ${account.database} sends real mail or takes real money: ${error.message}`,
        {
          hint: "Run the output of `peakproof doctor --print-sql` in this database: the invariants role needs some columns of ir_mail_server.",
          cause: error,
        },
      );
    }
  });
}

/**
 * readLive lists the enabled payment providers. Their name is text up to Odoo 15, and from 16 on an object with one name per
 * language.
 */
async function readLive(client: Client): Promise<readonly Provider[]> {
  const tables = PROVIDER_MODELS.map((model) => model.replace(".", "_"));
  const existing = "select name from unnest($1::text[]) as t (name) where to_regclass(name) is not null";
  const live: Provider[] = [];
  for (const { name: table } of (await client.query<{ name: string }>(existing, [tables])).rows) {
    const name = "coalesce(to_jsonb(name) ->> 'en_US', to_jsonb(name) #>> '{}')";
    const sql = `select id, ${name} as name from ${table} where state = 'enabled' order by id`;
    live.push(...(await client.query<Provider>(sql)).rows);
  }
  return live;
}

/** requireNeutral makes the same check by RPC, for a target without a database connection. It needs an administrator's rights. */
export async function requireNeutral(session: OdooSession): Promise<void> {
  const servers = await searchRead(
    session,
    { model: "ir.mail_server", domain: [["active", "=", true]], fields: ["name", "smtp_host"] },
    mailServerShape,
  ).catch((error: unknown) => {
    throw explainDenial(session.account, error);
  });
  const models = await searchRead(
    session,
    { model: "ir.model", domain: [["model", "in", PROVIDER_MODELS]], fields: ["model"] },
    z.object({ model: z.string() }),
  );
  const live: Provider[] = [];
  for (const { model } of models) {
    live.push(...(await searchRead(session, { model, domain: [["state", "=", "enabled"]], fields: ["name"] }, providerShape)));
  }
  refuseReal(session.account, { servers, live });
}

function refuseReal(
  { database, baseUrl }: OdooAccount,
  { servers, live }: { readonly servers: readonly MailServer[]; readonly live: readonly Provider[] },
): void {
  const real = servers.flatMap(({ id, name, smtp_host }) => {
    const host = smtp_host === false ? "" : (smtp_host ?? "").trim();
    return host === "" || HARMLESS_HOST.test(host) ? [] : [{ id, name, host }];
  });
  if (real.length === 0 && live.length === 0) return;
  const found = [
    ...real.map(({ id, name, host }) => `outgoing mail server "${name}" (id ${id}) sends to ${host}`),
    ...live.map(({ id, name }) => `payment provider "${name}" (id ${id}) is enabled`),
  ];
  const remedies = [
    ...(real.length > 0 ? ["Archive the mail server, or set its host to localhost or to a name that ends with .invalid."] : []),
    ...(live.length > 0 ? ["Set the payment provider (acquirer) to Test Mode or Disabled."] : []),
  ];
  throw new HarnessError(
    "cannot-measure",
    `Database ${database} at ${baseUrl} could reach real people: ${found.join("; ")}; nothing was loaded`,
    { hint: remedies.join(" ") },
  );
}

function explainDenial({ login, database }: OdooAccount, error: unknown): unknown {
  if (!isDenied(error)) return error;
  return new HarnessError("cannot-measure", `User ${login} may not see whether ${database} sends real mail (ir.mail_server)`, {
    hint: `Name a database connection that may see it (invariantsDsnEnv), or give ${login} the right to read ir.mail_server.`,
    cause: error,
  });
}
