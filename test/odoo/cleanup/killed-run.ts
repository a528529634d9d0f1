import { DOZEN, LOCATIONS, UNIT } from "./stand-in-stock.ts";
import { ODOO_14, type StandInVersion } from "./stand-in-version.ts";
import { type Row, type Tables, createTables } from "./stand-in-tables.ts";

/** The user of the load and the user of the cleanup. */
const [LOADER, ADMIN] = [7, 2];

export const STAMP = "pp-261121-0930-k3x-b-";

type Add = (model: string, values: Record<string, unknown>) => Row;

/** KilledRun is a database after a killed run of all scenarios, with records of others. */
export interface KilledRun {
  readonly tables: Tables;
  /** Copies of records that a cleanup must not change. */
  readonly others: readonly { readonly model: string; readonly row: Row }[];
  /** Id of a created order whose answer was never read. */
  readonly unseenOrder: number;
  /** Id of an order in the ledger. */
  readonly importedOrder: number;
}

export function killedRun(version: StandInVersion = ODOO_14): KilledRun {
  const tables = createTables();
  const add: Add = (model, values) => tables.add(model, values);
  for (const [id, usage] of [
    [LOCATIONS.stock, "internal"],
    [LOCATIONS.customers, "customer"],
    [LOCATIONS.losses, "inventory"],
    [LOCATIONS.returns, "internal"],
  ] as const) {
    tables.put("stock.location", { id, name: usage, usage, active: true });
  }
  for (const product of [501, 502]) {
    openingStock(add, product);
    const place = { product_id: product, location_id: LOCATIONS.stock, lot_id: false, package_id: false, owner_id: false };
    const waits = version.countsQuants && product === 501;
    const count = { inventory_quantity: waits ? 600 : 0, inventory_quantity_set: waits };
    const written = { write_uid: waits ? LOADER : ADMIN, write_date: "2026-11-21 09:34:00" };
    add("stock.quant", { ...place, quantity: 0, ...count, ...written });
  }
  for (const id of [UNIT, DOZEN]) tables.put("uom.uom", { id, name: `unit ${id}` });
  tables.put("res.users", { id: LOADER, login: "api" });
  tables.put("res.users", { id: ADMIN, login: "admin" });
  const others = addOthers(add);
  const imported = addImports(add, version);
  addShop(add, version);
  addWaves(add, version);
  addCounts(add, version);
  addTills(add, version);
  return { tables, others: others.map(({ model, row }) => ({ model, row: { ...row } })), ...imported };
}

function openingStock(add: Add, product: number): void {
  add("stock.move", {
    reference: "opening",
    state: "done",
    product_id: product,
    product_qty: 1000,
    picking_id: false,
    inventory_id: false,
    location_id: LOCATIONS.losses,
    location_dest_id: LOCATIONS.stock,
    origin_returned_move_id: false,
  });
}

/**
 * addOthers adds records of others: a customer with a card, an order of another run with a similar id, a mail, a count and a
 * message.
 */
function addOthers(add: Add): readonly { readonly model: string; readonly row: Row }[] {
  const put = (model: string, values: Record<string, unknown>) => ({ model, row: add(model, values) });
  const customer = put("res.partner", { name: "Store customer 001", email: "customer-001@shop.invalid", active: true });
  const order = { name: "S1", state: "sale", client_order_ref: "pp-261121-0930-k3x-r2-b-oi-1", partner_id: customer.row.id };
  return [
    customer,
    put("sale.order", { ...order, origin: false, campaign_id: false, invoice_ids: [] }),
    put("mail.mail", { subject: "Invoice", state: "outgoing", recipient_ids: [customer.row.id], email_to: false }),
    put("stock.inventory", { name: "Opening stock", state: "done" }),
    put("payment.token", { partner_id: customer.row.id, active: true }),
    // A user of the warehouse counts at the same time.
    put("stock.quant", {
      product_id: 503,
      location_id: LOCATIONS.stock,
      quantity: 0,
      inventory_quantity: 9,
      inventory_quantity_set: true,
      write_uid: ADMIN,
      write_date: "2026-11-21 09:34:00",
    }),
    put("mail.message", {
      model: "res.partner",
      res_id: customer.row.id,
      record_name: false,
      body: "hello",
      date: "2026-11-21 09:40:00",
    }),
  ];
}

function addDelivery(add: Add, picking: Record<string, unknown>, options: { picked: number; version: StandInVersion }): Row {
  const { picked, version } = options;
  const state = picking["state"] ?? "assigned";
  const row = add("stock.picking", { sale_id: false, batch_id: false, location_id: LOCATIONS.stock, state, ...picking });
  const common = { picking_id: row.id, product_id: 501, state };
  const places = { location_id: LOCATIONS.stock, location_dest_id: LOCATIONS.customers };
  const mark = version.marksPicked ? { picked: picked > 0 } : {};
  // A quarter of a dozen.
  const unit = { product_uom: DOZEN, product_uom_qty: 0.25 };
  const move = { product_qty: 3, ...unit, reference: row["name"], origin_returned_move_id: false, inventory_id: false, ...mark };
  const { id } = add("stock.move", { ...common, ...places, ...move });
  const done = version.marksPicked ? mark : { qty_done: picked };
  add("stock.move.line", { ...common, move_id: id, [version.reserved]: 3, ...done });
  return row;
}

function addImports(add: Add, version: StandInVersion): { readonly unseenOrder: number; readonly importedOrder: number } {
  const partner = add("res.partner", { name: "Store customer 002", email: "customer-002@shop.invalid", active: true });
  const order = (number: number, state: string) =>
    add("sale.order", {
      name: `S1${number}`,
      state,
      partner_id: partner.id,
      campaign_id: false,
      invoice_ids: [],
      locked: version.locksOrders && state === "sale",
      client_order_ref: `${STAMP}oi-${number}`,
      origin: `${STAMP}oi-${number}`,
    });
  const imported = order(1, "sale");
  const note = { model: "sale.order", res_id: imported.id, record_name: `${STAMP}oi-1`, body: "", date: "2026-11-21 09:31:00" };
  add("mail.message", note);
  addDelivery(add, { name: "OUT/1", sale_id: imported.id }, { picked: 0, version });
  // A user has started to pick it.
  addDelivery(add, { name: "OUT/2", sale_id: order(2, "sale").id }, { picked: 2, version });
  // The order was delivered in part and therefore stays.
  const delivered = order(3, "sale");
  addDelivery(add, { name: "OUT/3", sale_id: delivered.id, state: "done" }, { picked: 3, version });
  addDelivery(add, { name: "OUT/7", sale_id: delivered.id }, { picked: 0, version });
  return { unseenOrder: order(4, "draft").id, importedOrder: imported.id };
}

function addShop(add: Add, version: StandInVersion): void {
  const shopper = (number: number) => {
    const name = `${STAMP}co-${number}`;
    return add("res.partner", { name, email: `${name}@loadtest.invalid`, active: true });
  };
  const campaign = add("utm.campaign", { name: `${STAMP}shop` });
  const visitor = add("res.partner", { name: "Public user", email: false, active: false });
  const cart = (partner: Row, state: string) =>
    add("sale.order", {
      name: `S2${partner.id}`,
      state,
      partner_id: partner.id,
      campaign_id: campaign.id,
      invoice_ids: [],
      client_order_ref: false,
      origin: false,
    });
  const [paid, killed] = [shopper(1), shopper(2)];
  const order = cart(paid, "sale");
  addDelivery(add, { name: "OUT/4", sale_id: order.id }, { picked: 0, version });
  const books = { name: "BNK/1", partner_id: paid.id };
  const entry = version.paysWithoutEntry ? null : add("account.move", { ...books, posted_before: true });
  const payment = add("account.payment", { ...books, move_id: entry?.id ?? false });
  pay(add, paid, { reference: "S21-1", payment_id: payment.id });
  add("mail.message", {
    model: "sale.order",
    res_id: order.id,
    record_name: `${STAMP}co-1`,
    body: "",
    date: "2026-11-21 09:31:00",
  });
  add("mail.mail", { subject: "Your order", state: "outgoing", recipient_ids: [paid.id], email_to: false });
  add("mail.mail", { subject: "Your order", state: "sent", recipient_ids: [paid.id], email_to: false });
  cart(killed, "draft");
  // The payment is done, but the run was killed before Odoo processed it.
  pay(add, killed, { reference: "S22-1", payment_id: false });
  cart(visitor, "draft");
}

function pay(add: Add, partner: Row, transaction: { reference: string; payment_id: number | false }): void {
  add("payment.token", { partner_id: partner.id, active: true });
  add("payment.transaction", { ...transaction, partner_name: partner["name"], partner_email: partner["email"] });
}

function addWaves(add: Add, version: StandInVersion): void {
  const done = add("stock.picking.batch", { name: `${STAMP}pw-1`, state: "done" });
  const delivered = addDelivery(add, { name: "OUT/5", batch_id: done.id, state: "done" }, { picked: 3, version });
  const body = `Transferred by: <a>${STAMP}pw-1</a>`;
  add("mail.message", { model: "stock.picking", res_id: delivered.id, record_name: "OUT/5", body, date: "2026-11-21 09:33:00" });
  const begun = add("stock.picking.batch", { name: `${STAMP}pw-2`, state: "in_progress" });
  addDelivery(add, { name: "OUT/6", batch_id: begun.id }, { picked: 3, version });
}

function addCounts(add: Add, version: StandInVersion): void {
  const done = version.countsQuants ? null : add("stock.inventory", { name: `${STAMP}ss-1`, state: "done" });
  const move = (product: number, quantity: number, places: Record<string, number>) =>
    add("stock.move", {
      reference: `${done === null ? "" : "INV:"}${STAMP}ss-1`,
      state: "done",
      inventory_id: done?.id ?? false,
      is_inventory: done === null,
      product_id: product,
      product_qty: quantity,
      picking_id: false,
      origin_returned_move_id: false,
      ...places,
    });
  move(501, 300, { location_id: LOCATIONS.stock, location_dest_id: LOCATIONS.losses });
  move(502, 40, { location_id: LOCATIONS.losses, location_dest_id: LOCATIONS.stock });
  if (done !== null) add("stock.inventory", { name: `${STAMP}ss-2`, state: "confirm" });
}

/**
 * addTills adds three tills: a closed one, one that was open when the run was killed, with an order that Odoo could not process,
 * and one without its opening cash.
 */
function addTills(add: Add, version: StandInVersion): void {
  const cash = { cash_control: false, cash_register_balance_start: 0, cash_register_balance_end: 0 };
  const open = (number: number, values: Record<string, unknown>) => {
    const name = `POS/0000${number} ${STAMP}so-till-${number}`;
    if (!version.closesTills) add("account.bank.statement", { name });
    return add("pos.session", {
      name,
      state: "opened",
      config_id: number,
      move_id: false,
      opening_notes: false,
      ...cash,
      ...values,
    });
  };
  const order = (session: Row, number: number, state: string) => {
    const row = add("pos.order", { pos_reference: `${STAMP}so-${number}`, state, session_id: session.id });
    add("pos.payment", { pos_order_id: row.id });
    return row;
  };
  const deliver = (session: Row, name: string, state: string) =>
    addDelivery(add, { name, pos_session_id: session.id, state }, { picked: 3, version });

  const entry = add("account.move", { name: "POSS/1", partner_id: false, posted_before: true });
  const closed = open(1, { state: "closed", move_id: entry.id });
  order(closed, 1, "done");
  deliver(closed, "POS/1", "done");
  const left = open(2, {});
  order(left, 2, "paid");
  deliver(left, "POS/2", "done");
  order(left, 3, "draft");
  // Odoo does not report a failed picking to the till.
  deliver(left, "POS/3", "assigned");
  open(3, { state: "opening_control" });
}
