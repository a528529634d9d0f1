import { z } from "zod";
import type { OdooSession } from "./odoo-session.ts";

export interface SearchRead {
  readonly model: string;
  readonly domain: readonly unknown[];
  readonly fields: readonly string[];
  readonly order?: string;
  readonly limit?: number;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** searchRead reads the records that match a domain, in a fixed order: by id where none is given. */
export function searchRead<Value>(session: OdooSession, search: SearchRead, shape: z.ZodType<Value>): Promise<Value[]> {
  const { model, domain, fields, order = "id", limit, context = {} } = search;
  const kwargs = { domain, fields, order, context, ...(limit === undefined ? {} : { limit }) };
  return session.call({ model, method: "search_read", args: [], kwargs }, z.array(shape));
}

/** A many-to-one field is read as `[id, name]`, and as false where it is empty. */
export const manyToOne = z.union([z.tuple([z.number(), z.string()]), z.literal(false)]);

export function idOf(value: z.infer<typeof manyToOne>): number | null {
  return value === false ? null : value[0];
}
