import { DatabaseError } from "pg";
import { z } from "zod";
import { HarnessError } from "../domain/error.ts";
import { withInvariantsConnection } from "./invariants/invariants-connection.ts";
import { OdooFault } from "./odoo-fault.ts";
import type { OdooAccount, OdooSession } from "./odoo-session.ts";
import { searchRead } from "./search-read.ts";

interface MailServer {
  readonly id: number;
  readonly name: string;
  readonly smtp_host: string;
}

interface Acquirer {
  readonly id: number;
  readonly name: string;
}

/** Hosts from which no mail leaves: this machine, and the top-level domain that RFC 2606 keeps out of the real world. */
const HARMLESS_HOST = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|(.+\.)?invalid)$/i;

/** What could reach people outside. An acquirer in test mode or disabled takes no money, by Odoo's own way to neutralise. */
const SERVERS_SQL = "select id, name, smtp_host from ir_mail_server where active order by id";
const LIVE_SQL = "select id, name from payment_acquirer where state = 'enabled' order by id";

const mailServer = z.object({ id: z.number(), name: z.string(), smtp_host: z.string() });
const acquirer = z.object({ id: z.number(), name: z.string() });

/** requireNeutralDatabase refuses, before any login, a database that would send real mail or take real money during a load. */
export async function requireNeutralDatabase(dsn: string, account: OdooAccount): Promise<void> {
  await withInvariantsConnection(dsn, async (client) => {
    try {
      const servers = await client.query<MailServer>(SERVERS_SQL);
      const { rows } = await client.query<{ there: boolean }>("select to_regclass('payment_acquirer') is not null as there");
      const live = rows[0]?.there === true ? await client.query<Acquirer>(LIVE_SQL) : { rows: [] };
      refuseReal(account, { servers: servers.rows, live: live.rows });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw new HarnessError(
        "cannot-measure",
        `Whether ${account.database} sends real mail or takes real money cannot be seen: ${error.message}`,
        {
          hint: "Run in it what `peakproof doctor --print-sql` prints: the invariants role needs some columns of ir_mail_server.",
          cause: error,
        },
      );
    }
  });
}

/** requireNeutral asks the same by RPC, where there is no connection to the database. It needs an administrator's eyes. */
export async function requireNeutral(session: OdooSession): Promise<void> {
  const servers = await searchRead(
    session,
    { model: "ir.mail_server", domain: [["active", "=", true]], fields: ["name", "smtp_host"] },
    mailServer,
  ).catch((error: unknown) => {
    throw explainBlindness(session.account, error);
  });
  const models = await searchRead(
    session,
    { model: "ir.model", domain: [["model", "=", "payment.acquirer"]], fields: ["id"] },
    z.object({ id: z.number() }),
  );
  const search = { model: "payment.acquirer", domain: [["state", "=", "enabled"]], fields: ["name"] };
  const live = models.length === 0 ? [] : await searchRead(session, search, acquirer);
  refuseReal(session.account, { servers, live });
}

function refuseReal(
  { database, baseUrl }: OdooAccount,
  { servers, live }: { readonly servers: readonly MailServer[]; readonly live: readonly Acquirer[] },
): void {
  const real = servers.filter(({ smtp_host }) => !HARMLESS_HOST.test(smtp_host.trim()));
  if (real.length === 0 && live.length === 0) return;
  const found = [
    ...real.map(({ id, name, smtp_host }) => `outgoing mail server "${name}" (id ${id}) leads to ${smtp_host}`),
    ...live.map(({ id, name }) => `payment acquirer "${name}" (id ${id}) is enabled`),
  ];
  const remedies = [
    ...(real.length > 0 ? ["Archive the mail server, or set its host to localhost or a name that ends with .invalid."] : []),
    ...(live.length > 0 ? ["Set the acquirer to Test Mode or Disabled."] : []),
  ];
  throw new HarnessError(
    "cannot-measure",
    `Database ${database} at ${baseUrl} could reach real people: ${found.join("; ")}; nothing was loaded`,
    { hint: remedies.join(" ") },
  );
}

function explainBlindness({ login, database }: OdooAccount, error: unknown): unknown {
  const isDenied = error instanceof HarnessError && error.cause instanceof OdooFault && error.cause.fault.endsWith("AccessError");
  if (!isDenied) return error;
  return new HarnessError("cannot-measure", `User ${login} may not see whether ${database} sends real mail (ir.mail_server)`, {
    hint: `Name a database connection that may (invariantsDsnEnv), or give ${login} the right to read ir.mail_server.`,
    cause: error,
  });
}
