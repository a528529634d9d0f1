import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { listen } from "../../probe/listen.ts";
import { type Handler, stockMethods, stockOf } from "./stand-in-stock.ts";
import { tillMethods } from "./stand-in-tills.ts";
import { Fault, type Row, type Tables, userError } from "./stand-in-tables.ts";
import { ODOO_14, type StandInVersion } from "./stand-in-version.ts";

interface Call {
  readonly model: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

const READING = new Set(["search_read", "read_group", "check_access_rights", "has_group", "get_param", "fields_get"]);

/** withoutModel returns the answers of calls without a model: the login and the version. */
function withoutModel({ major }: StandInVersion): Readonly<Record<string, object>> {
  return {
    "/web/session/authenticate": { uid: 2, user_companies: {} },
    "/web/webclient/version_info": { server_version: `${major}.0`, server_version_info: [major, 0, 0, "final", 0, ""] },
  };
}

/** StandIn answers the RPC calls of a cleanup as Odoo does, and records the calls that write. */
export interface StandIn {
  readonly baseUrl: string;
  /** Calls that write, as `model.method`, in order. */
  readonly writes: readonly string[];
  /** Refused calls, as `fault: message`. */
  readonly faults: readonly string[];
  /** Loses the answers after this many writes, as when a cleanup is killed. The calls still take effect. */
  loseAnswersAfter(writes: number): void;
  /** Makes one call refuse one record with a message. */
  refuse(call: string, id: number, message: string): void;
  /** Models that the user may not delete from. */
  forbid(...models: readonly string[]): void;
  setMarker(value: string | false): void;
  close(): Promise<void>;
}

export async function openStandIn(tables: Tables, version: StandInVersion = ODOO_14): Promise<StandIn> {
  const writes: string[] = [];
  const faults: string[] = [];
  const forbidden = new Set<string>();
  const refusals = new Map<string, { readonly id: number; readonly message: string }>();
  let lossAfter = Number.POSITIVE_INFINITY;
  let marker: string | false = "allowed";
  const methods = { ...stockMethods(tables, version), ...salesMethods(tables, version), ...tillMethods(tables, version) };
  const answer = ({ model, method, args, kwargs }: Call): unknown => {
    if (method === "get_param") return marker;
    if (method === "fields_get") return fieldsOf(version, model, Object(args[0]));
    if (method === "has_group") return answerGroup(version, args);
    if (method === "check_access_rights") return !forbidden.has(model);
    if (method === "search_read") {
      const { domain, fields } = Object(kwargs);
      requireFields(version, model, { domain, fields });
      if (model === "stock.quant") restock(tables);
      return tables.find(model, domain).map((row) => tables.read(model, row, fields));
    }
    if (method === "read_group") return groupMoves(tables, Object(args[0]));
    const values = method === "create" ? args[0] : method === "write" ? args[1] : {};
    requireFields(version, model, { domain: [], fields: Object.keys(Object(values)) });
    const refusal = refusals.get(`${model}.${method}`);
    if (refusal !== undefined && Object(args[0]).includes(refusal.id)) throw userError(refusal.message);
    const own = methods[`${model}.${method}`];
    return own === undefined ? generic(tables, { model, method, args, kwargs }) : own(args, Object(kwargs["context"]));
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader("set-cookie", "session_id=abc; Path=/");
    const { params } = JSON.parse(await bodyOf(request));
    const known = withoutModel(version)[request.url ?? ""];
    const isWrite = known === undefined && !READING.has(params.method);
    if (isWrite) writes.push(`${params.model}.${params.method}`);
    const result =
      known === undefined
        ? attempt(() => (isWrite ? tables.transaction(() => answer(params)) : answer(params)), faults)
        : { result: known };
    if (isWrite && writes.length > lossAfter) request.socket.destroy();
    else response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...result }));
  };
  const server = createServer((request, response) => void serve(request, response));
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    writes,
    faults,
    loseAnswersAfter: (count) => {
      lossAfter = writes.length + count;
    },
    refuse: (call, id, message) => void refusals.set(call, { id, message }),
    forbid: (...models) => {
      for (const model of models) forbidden.add(model);
    },
    setMarker: (value) => {
      marker = value;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

function attempt(work: () => unknown, faults: string[]): object {
  try {
    return { result: work() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    faults.push(`${error.fault}: ${error.message}`);
    return { error: { code: 200, message: "Odoo Server Error", data: { name: error.fault, message: error.message } } };
  }
}

function generic(tables: Tables, { model, method, args }: Call): unknown {
  const [first, values] = args;
  if (method === "create") return tables.add(model, Object(first)).id;
  const ids: readonly number[] = Object(first);
  if (method === "write") for (const id of ids) Object.assign(tables.get(model, id), values);
  else if (method === "unlink") for (const id of ids) tables.remove(model, tables.get(model, id).id);
  else throw new Error(`the stand-in does not support ${model}.${method}`);
  return true;
}

function groupMoves(tables: Tables, domain: readonly unknown[]): unknown {
  return tables.find("stock.move", domain).map((move) => tables.read("stock.move", move, GROUP_FIELDS));
}

/** Each move is a group of one move. */
const GROUP_FIELDS = ["product_id", "location_id", "location_dest_id", "product_qty"];

function fieldsOf(version: StandInVersion, model: string, names: readonly string[]): object {
  return Object.fromEntries(names.filter((name) => !version.absent.includes(`${model}.${name}`)).map((name) => [name, {}]));
}

/** requireFields refuses searches and reads of absent fields, as Odoo does. */
function requireFields(
  { absent, unsearchable }: StandInVersion,
  model: string,
  { domain, fields }: { readonly domain: readonly unknown[]; readonly fields: readonly string[] },
): void {
  const searched = domain.flatMap((term) => (Array.isArray(term) ? [`${model}.${String(term[0])}`] : []));
  const wrong = [...searched, ...fields.map((field) => `${model}.${field}`)].find((field) => absent.includes(field));
  const unfit = wrong ?? searched.find((field) => unsearchable.includes(field));
  if (unfit !== undefined) throw new Fault("builtins.ValueError", `Invalid field ${unfit}`);
}

/** answerGroup expects `has_group` on the model up to 17, and on a user from 18 on. */
function answerGroup({ major }: StandInVersion, args: readonly unknown[]): boolean {
  if (args.length !== (major > 17 ? 2 : 1))
    throw new Fault("builtins.TypeError", "has_group() takes another number of arguments");
  return true;
}

/** restock sets the quantities of the quants to the sums of the moves. */
function restock(tables: Tables): void {
  const stock = stockOf(tables);
  for (const quant of tables.all("stock.quant")) quant["quantity"] = stock[String(quant["product_id"])] ?? 0;
}

function salesMethods(tables: Tables, version: StandInVersion): Readonly<Record<string, Handler>> {
  const rows = (model: string, ids: unknown): readonly Row[] => Object(ids).map((id: number) => tables.get(model, id));
  const cancelPickings = (order: Row) => {
    for (const picking of tables.find("stock.picking", [
      ["sale_id", "=", order.id],
      ["state", "!=", "done"],
    ])) {
      picking["state"] = "cancel";
      for (const model of ["stock.move", "stock.move.line"]) {
        for (const row of tables.find(model, [["picking_id", "=", picking.id]])) row["state"] = "cancel";
      }
    }
  };
  const isDelivered = (order: Row) =>
    tables.find("stock.picking", [
      ["sale_id", "=", order.id],
      ["state", "=", "done"],
    ]).length > 0;
  return {
    "sale.order.action_unlock": ([ids]) => {
      for (const order of rows("sale.order", ids)) order["locked"] = false;
      return undefined;
    },
    "sale.order.action_cancel": ([ids], context) => {
      const orders = rows("sale.order", ids);
      if (orders.some(({ locked }) => locked === true)) throw userError("You cannot cancel a locked order.");
      orders.forEach(cancelPickings);
      if (version.cancelWindow === "delivered" && orders.some(isDelivered)) return { res_model: "sale.order.cancel" };
      const isAsked = version.cancelWindow === "confirmed" && context["disable_cancel_warning"] !== true;
      if (isAsked && orders.some(({ state }) => state !== "draft")) return { res_model: "sale.order.cancel" };
      for (const order of orders) order["state"] = "cancel";
      return true;
    },
    "sale.order.cancel.action_cancel": ([ids]) => {
      for (const wizard of rows("sale.order.cancel", ids)) {
        const order = tables.get("sale.order", wizard["order_id"]);
        cancelPickings(order);
        order["state"] = "cancel";
      }
      return true;
    },
    "sale.order.unlink": ([ids]) => {
      const orders = rows("sale.order", ids);
      if (orders.some(({ state }) => state !== "draft" && state !== "cancel")) throw userError("You must first cancel it.");
      for (const { id } of orders) tables.remove("sale.order", id);
      return true;
    },
    "account.move.unlink": ([ids]) => {
      for (const entry of rows("account.move", ids)) {
        if (entry["posted_before"] === true) throw userError("You cannot delete an entry which has been posted once.");
        tables.remove("account.move", entry.id);
      }
      return true;
    },
    "res.partner.unlink": ([ids]) => {
      for (const { id } of rows("res.partner", ids)) {
        for (const model of ["account.move", "account.payment", "sale.order", "payment.token"]) {
          if (tables.find(model, [["partner_id", "=", id]]).length === 0) continue;
          throw new Fault("odoo.exceptions.ValidationError", `another model requires the record being deleted: ${model}`);
        }
        tables.remove("res.partner", id);
      }
      return true;
    },
  };
}
