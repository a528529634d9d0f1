import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { listen } from "../../probe/listen.ts";
import { stockMethods } from "./stand-in-stock.ts";
import { Fault, type Row, type Tables, userError } from "./stand-in-tables.ts";

interface Call {
  readonly model: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

const READING = new Set(["search_read", "read_group", "check_access_rights", "has_group", "get_param"]);

/** What is no call of a model: the login and the version. */
const WITHOUT_MODEL: Readonly<Record<string, object>> = {
  "/web/session/authenticate": { uid: 2 },
  "/web/webclient/version_info": { server_version: "14.0", server_version_info: [14, 0, 0, "final", 0, ""] },
};

/** StandIn speaks Odoo's RPC for what a cleanup asks of it, and writes down what was written. */
export interface StandIn {
  readonly baseUrl: string;
  /** Calls that write, as `model.method`, in order. */
  readonly writes: readonly string[];
  /** After this many writes the next answers get lost, as when a cleanup is killed: what was asked for is done all the same. */
  loseAnswersAfter(writes: number): void;
  /** Makes one call refuse one record, with these words. */
  refuse(call: string, id: number, message: string): void;
  /** Models that the user may not delete from. */
  forbid(...models: readonly string[]): void;
  setMarker(value: string | false): void;
  close(): Promise<void>;
}

export async function openStandIn(tables: Tables): Promise<StandIn> {
  const writes: string[] = [];
  const forbidden = new Set<string>();
  const refusals = new Map<string, { readonly id: number; readonly message: string }>();
  let lossAfter = Number.POSITIVE_INFINITY;
  let marker: string | false = "allowed";
  const methods = { ...stockMethods(tables), ...salesMethods(tables) };
  const answer = ({ model, method, args, kwargs }: Call): unknown => {
    if (method === "get_param") return marker;
    if (method === "has_group") return true;
    if (method === "check_access_rights") return !forbidden.has(model);
    if (method === "search_read") {
      const { domain, fields } = Object(kwargs);
      return tables.find(model, domain).map((row) => tables.read(model, row, fields));
    }
    if (method === "read_group") return groupMoves(tables, Object(args[0]));
    const refusal = refusals.get(`${model}.${method}`);
    if (refusal !== undefined && Object(args[0]).includes(refusal.id)) throw userError(refusal.message);
    const own = methods[`${model}.${method}`];
    return own === undefined ? generic(tables, { model, method, args, kwargs }) : own(args);
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader("set-cookie", "session_id=abc; Path=/");
    const { params } = JSON.parse(await bodyOf(request));
    const known = WITHOUT_MODEL[request.url ?? ""];
    const isWrite = known === undefined && !READING.has(params.method);
    if (isWrite) writes.push(`${params.model}.${params.method}`);
    const result =
      known === undefined
        ? attempt(() => (isWrite ? tables.transaction(() => answer(params)) : answer(params)))
        : { result: known };
    if (isWrite && writes.length > lossAfter) request.socket.destroy();
    else response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...result }));
  };
  const server = createServer((request, response) => void serve(request, response));
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    writes,
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

function attempt(work: () => unknown): object {
  try {
    return { result: work() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { error: { code: 200, message: "Odoo Server Error", data: { name: error.fault, message: error.message } } };
  }
}

function generic(tables: Tables, { model, method, args }: Call): unknown {
  const [first, values] = args;
  if (method === "create") return tables.add(model, Object(first)).id;
  const ids: readonly number[] = Object(first);
  if (method === "write") for (const id of ids) Object.assign(tables.get(model, id), values);
  else if (method === "unlink") for (const id of ids) tables.remove(model, tables.get(model, id).id);
  else throw new Error(`the stand-in does not know ${model}.${method}`);
  return true;
}

function groupMoves(tables: Tables, domain: readonly unknown[]): unknown {
  return tables.find("stock.move", domain).map((move) => tables.read("stock.move", move, GROUP_FIELDS));
}

/** Each move is a group of its own: sums of one are sums as well. */
const GROUP_FIELDS = ["product_id", "location_id", "location_dest_id", "product_qty"];

function salesMethods(tables: Tables): Readonly<Record<string, (args: readonly unknown[]) => unknown>> {
  const rows = (model: string, ids: unknown): readonly Row[] => Object(ids).map((id: number) => tables.get(model, id));
  const cancelPickings = (order: Row) => {
    for (const picking of tables.find("stock.picking", [
      ["sale_id", "=", order.id],
      ["state", "!=", "done"],
    ])) {
      picking["state"] = "cancel";
      for (const line of tables.find("stock.move.line", [["picking_id", "=", picking.id]])) line["state"] = "cancel";
    }
  };
  const isDelivered = (order: Row) =>
    tables.find("stock.picking", [
      ["sale_id", "=", order.id],
      ["state", "=", "done"],
    ]).length > 0;
  return {
    "sale.order.action_cancel": ([ids]) => {
      const orders = rows("sale.order", ids);
      orders.forEach(cancelPickings);
      if (orders.some(isDelivered)) return { res_model: "sale.order.cancel" };
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
        for (const model of ["account.move", "sale.order", "payment.token"]) {
          if (tables.find(model, [["partner_id", "=", id]]).length === 0) continue;
          throw new Fault("odoo.exceptions.ValidationError", `another model requires the record being deleted: ${model}`);
        }
        tables.remove("res.partner", id);
      }
      return true;
    },
  };
}
