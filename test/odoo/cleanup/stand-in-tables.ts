/** Row is a record of the stand-in: many-to-one fields hold an id or false, to-many fields a list of ids. */
export type Row = { id: number } & Record<string, unknown>;

/** Fault is an error that the stand-in answers as Odoo does. */
export class Fault extends Error {
  readonly fault: string;
  constructor(fault: string, message: string) {
    super(message);
    this.fault = fault;
  }
}

export const userError = (message: string) => new Fault("odoo.exceptions.UserError", message);

/** RELATIONS are the relational fields that the cleanup searches through, with their models. */
const RELATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "sale.order": { partner_id: "res.partner", campaign_id: "utm.campaign" },
  "stock.picking": {
    sale_id: "sale.order",
    batch_id: "stock.picking.batch",
    location_id: "stock.location",
    pos_session_id: "pos.session",
  },
  "pos.session": { config_id: "pos.config", move_id: "account.move" },
  "pos.order": { session_id: "pos.session" },
  "pos.payment": { pos_order_id: "pos.order" },
  "stock.move": {
    picking_id: "stock.picking",
    product_id: "product.product",
    location_id: "stock.location",
    location_dest_id: "stock.location",
    origin_returned_move_id: "stock.move",
    product_uom: "uom.uom",
    inventory_id: "stock.inventory",
  },
  "stock.move.line": { picking_id: "stock.picking", move_id: "stock.move" },
  "stock.inventory.line": { inventory_id: "stock.inventory", product_id: "product.product", location_id: "stock.location" },
  "payment.transaction": { payment_id: "account.payment" },
  "stock.return.picking.line": { wizard_id: "stock.return.picking", move_id: "stock.move", uom_id: "uom.uom" },
  "stock.quant": { product_id: "product.product", location_id: "stock.location", write_uid: "res.users" },
  "account.payment": { partner_id: "res.partner", move_id: "account.move" },
  "payment.token": { partner_id: "res.partner" },
  "account.move": { partner_id: "res.partner" },
  "mail.mail": { recipient_ids: "res.partner" },
};

export type Tables = ReturnType<typeof createTables>;

/** createTables keeps records in memory and evaluates the parts of Odoo's domains that the cleanup uses. */
export function createTables() {
  const tables = new Map<string, Map<number, Row>>();
  let lastId = 1000;
  const table = (model: string) => {
    const there = tables.get(model) ?? new Map<number, Row>();
    tables.set(model, there);
    return there;
  };
  const valuesAt = (model: string, row: Row, path: readonly string[]): readonly unknown[] => {
    const [field = "", ...rest] = path;
    const value = row[field];
    const values = Array.isArray(value) ? value : [value ?? false];
    if (rest.length === 0) return values;
    const comodel = RELATIONS[model]?.[field] ?? "";
    return values.flatMap((id) => {
      const next = table(comodel).get(Number(id));
      return next === undefined ? [] : valuesAt(comodel, next, rest);
    });
  };
  const all = (model: string) => [...table(model).values()];
  const find = (model: string, domain: readonly unknown[]) =>
    all(model)
      .filter((row) => matches(domain, (path) => valuesAt(model, row, path.split("."))))
      .sort((a, b) => a.id - b.id);
  return {
    all,
    find,
    get: (model: string, id: unknown): Row => {
      const row = table(model).get(Number(id));
      if (row === undefined) throw new Fault("odoo.exceptions.MissingError", `${model} ${String(id)} does not exist`);
      return row;
    },
    add: (model: string, values: Record<string, unknown>): Row => {
      lastId += 1;
      const row: Row = { id: lastId, ...values };
      table(model).set(row.id, row);
      return row;
    },
    put: (model: string, row: Row) => void table(model).set(row.id, row),
    remove: (model: string, id: number) => {
      table(model).delete(id);
      for (const [other, fields] of Object.entries(RELATIONS)) {
        for (const [field, comodel] of Object.entries(fields)) {
          if (comodel !== model) continue;
          for (const row of all(other)) if (row[field] === id) row[field] = false;
        }
      }
      for (const message of find("mail.message", [
        ["model", "=", model],
        ["res_id", "=", id],
      ])) {
        table("mail.message").delete(message.id);
      }
    },
    /** Rolls back all changes after a fault, as a request of Odoo does. */
    transaction: <Value>(work: () => Value): Value => {
      const before = structuredClone([...tables]);
      try {
        return work();
      } catch (error) {
        tables.clear();
        for (const [model, rows] of before) tables.set(model, rows);
        throw error;
      }
    },
    /** Reads fields as Odoo does: a many-to-one field is [id, name]. */
    read: (model: string, row: Row, fields: readonly string[]) =>
      Object.fromEntries(
        ["id", ...fields].map((field) => {
          if (field === "picking_ids") {
            return [field, find("stock.picking", [["batch_id", "=", row.id]]).map(({ id }) => id)];
          }
          const comodel = RELATIONS[model]?.[field];
          const value = row[field] ?? false;
          if (comodel === undefined || typeof value !== "number") return [field, value];
          const name = table(comodel).get(value)?.["name"];
          return [field, [value, typeof name === "string" ? name : `${comodel},${value}`]];
        }),
      ),
  };
}

type Values = (path: string) => readonly unknown[];

/** matches evaluates a domain in prefix notation; terms without an operator before them are all required. */
function matches(domain: readonly unknown[], values: Values): boolean {
  const rest = [...domain];
  const next = (): boolean => {
    const term = rest.shift();
    if (term === "|" || term === "&") {
      const [left, right] = [next(), next()];
      return term === "|" ? left || right : left && right;
    }
    if (!Array.isArray(term)) throw new Error(`not a term of a domain: ${JSON.stringify(term)}`);
    const [path, operator, wanted] = term;
    return compare(values(String(path)), String(operator), wanted);
  };
  let isMatch = true;
  while (rest.length > 0) isMatch = next() && isMatch;
  return isMatch;
}

function compare(values: readonly unknown[], operator: string, wanted: unknown): boolean {
  const list = Array.isArray(wanted) ? wanted : [wanted];
  const some = (test: (value: unknown) => boolean) => values.some(test);
  const text = String(wanted);
  if (operator === "=" || operator === "in") return some((value) => list.includes(value));
  if (operator === "!=" || operator === "not in") return !some((value) => list.includes(value));
  if (operator === "like") return some((value) => typeof value === "string" && value.includes(text));
  if (operator === "=like" && text.endsWith("%")) {
    return some((value) => typeof value === "string" && value.startsWith(text.slice(0, -1)));
  }
  if (operator === ">") return some((value) => Number(value) > Number(wanted));
  if (operator === ">=") return some((value) => String(value) >= text);
  throw new Error(`the stand-in does not support ${operator} ${text}`);
}
