import type { Handler } from "./stand-in-stock.ts";
import { type Row, type Tables, userError } from "./stand-in-tables.ts";
import type { StandInVersion } from "./stand-in-version.ts";

/** tillMethods are the point of sale methods that a cleanup calls, with the rules of Odoo's source code. */
export function tillMethods(tables: Tables, version: StandInVersion): Readonly<Record<string, Handler>> {
  const rows = (model: string, ids: unknown): readonly Row[] => Object(ids).map((id: number) => tables.get(model, id));
  const close = (ids: unknown) => {
    for (const session of rows("pos.session", ids)) {
      if (session["state"] !== "opened") throw userError(`This session is ${String(session["state"])}.`);
      const orders = tables.find("pos.order", [["session_id", "=", session.id]]);
      if (orders.some(({ state }) => state === "draft")) throw userError("There are still orders in draft state.");
      if (orders.length > 0) {
        const entry = tables.add("account.move", { name: `POSS/${session.id}`, partner_id: false, posted_before: true });
        session["move_id"] = entry.id;
      }
      for (const order of orders) if (order["state"] === "paid") order["state"] = "done";
      session["state"] = "closed";
    }
  };
  return {
    [`pos.session.${version.opensTills}`]: ([ids]) => {
      for (const session of rows("pos.session", ids)) session["state"] = "opened";
      return undefined;
    },
    ...(version.closesTills
      ? {
          "pos.session.close_session_from_ui": ([ids]) => {
            close(ids);
            return { successful: true };
          },
        }
      : { "pos.session.action_pos_session_closing_control": ([ids]) => close(ids) }),
    "pos.session.unlink": () => {
      throw userError("a session cannot be deleted");
    },
    "pos.order.unlink": ([ids]) => {
      for (const order of rows("pos.order", ids)) {
        if (order["state"] !== "draft") throw userError("In order to delete a sale, it must be new or cancelled.");
        if (tables.find("pos.payment", [["pos_order_id", "=", order.id]]).length > 0) throw userError("It has payments.");
        tables.remove("pos.order", order.id);
      }
      return true;
    },
  };
}
