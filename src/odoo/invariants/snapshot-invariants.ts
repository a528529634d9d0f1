import { inSnapshot, withInvariantsConnection } from "./invariants-connection.ts";
import { invariantsFor } from "./odoo-version.ts";
import { runInvariant } from "./run-invariant.ts";

/** InvariantSnapshot is what was broken before the run, plain data that can be stored. */
export interface InvariantSnapshot {
  /** Time of the database, UTC without a zone, as Odoo stores its times. */
  readonly since: string;
  /** Keys of the records that broke each rule already; a rule that could not be checked has no entry. */
  readonly broken: Readonly<Record<string, readonly string[]>>;
}

/** snapshotInvariants looks at one arm's database before the run: real databases carry old drift, which is not the run's. */
export async function snapshotInvariants(dsn: string): Promise<InvariantSnapshot> {
  return withInvariantsConnection(dsn, (client) =>
    inSnapshot(client, async () => {
      const now = await client.query<{ since: string }>("select (now() at time zone 'UTC')::text as since");
      const since = now.rows[0]?.since ?? "";
      const broken: [string, readonly string[]][] = [];
      for (const invariant of await invariantsFor(client)) {
        if (invariant.scope !== "all") continue;
        const outcome = await runInvariant(client, invariant, { since, entries: [] });
        if (outcome.kind === "checked") broken.push([invariant.id, outcome.violations.map(({ key }) => key)]);
      }
      return { since, broken: Object.fromEntries(broken) };
    }),
  );
}
