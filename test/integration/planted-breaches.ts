import type { LedgerRecord } from "../../src/domain/load/ledger.ts";
import { type Columns, processedPayment, saleLineUnit, storableProduct } from "../../src/odoo/invariants/shop-schema.ts";

/** Statement is SQL for a database that has these columns. */
type Statement = (columns: Columns) => string;

/** Breach is damage done to a database of Odoo behind Odoo's back, and the rules that must find it. */
export interface Breach {
  readonly name: string;
  /** What a run did rightly before the damage, for rules that hold the database against the run's ledger: they must be silent then. */
  readonly made?: { readonly sql: Statement; readonly ledger: readonly LedgerRecord[] };
  readonly sql: Statement;
  readonly broken: readonly string[];
}

/** Reference of what a run made, where a breach needs a run. */
const REF = "pp-breach-c-1";

/** insertOrder makes a confirmed order like one that is there, but for the given columns. */
function insertOrder(own: Readonly<Record<string, string>> = {}): string {
  const columns = {
    name: "'BREACH/' || clock_timestamp()",
    state: "'sale'",
    partner_id: "partner_id",
    partner_invoice_id: "partner_invoice_id",
    partner_shipping_id: "partner_shipping_id",
    date_order: "date_order",
    pricelist_id: "pricelist_id",
    company_id: "company_id",
    create_date: "now() at time zone 'UTC'",
    picking_policy: "picking_policy",
    warehouse_id: "warehouse_id",
    ...own,
  };
  return `insert into sale_order (${Object.keys(columns).join(", ")})
    select ${Object.values(columns).join(", ")} from sale_order limit 1 returning id`;
}

/** done is the ledger of a run that was told of one transaction that it is done. */
function done(scenario: string, model: string, detail: LedgerRecord["detail"]): readonly LedgerRecord[] {
  return [{ ledger: "done", runId: "breach", arm: "candidate", scenario, model, id: null, ref: REF, detail }];
}

/** An order without lines is as good as any: what counts is that it is the one that was sent. */
const IMPORT = {
  sql: () => insertOrder({ client_order_ref: `'${REF}'`, amount_total: "10" }),
  ledger: done("order-import", "sale.order", { lines: 0, total: 10 }),
};

const SHOPPER = "shopper@loadtest.invalid";

/** A till's session, far from the ids that Odoo gives. */
const SESSION = 900_001;

const INSERT_SESSION = `insert into pos_session (id, name, config_id, user_id, state, update_stock_at_closing)
  select ${SESSION}, '${REF}', min(id), 2, 'closed', false from pos_config returning id`;

/** insertTillOrder makes an order of 10.00 and one unit of goods in session `s`: nothing is paid, moved or posted. */
function insertTillOrder(columns: Columns): string {
  return `o as (
      insert into pos_order (name, pos_reference, session_id, state, amount_tax, amount_total, amount_paid, amount_return,
        company_id, pricelist_id, create_date)
      select 'BREACH/' || clock_timestamp(), '${REF}', s.id, 'paid', 0, 10, 10, 0, 1, (select min(id) from product_pricelist),
        now() at time zone 'UTC' from s returning id)
    insert into pos_order_line (order_id, name, product_id, qty, price_unit, price_subtotal, price_subtotal_incl)
    select o.id, 'x', (select min(p.id) from product_product p join product_template t on t.id = p.product_tmpl_id
      where ${storableProduct(columns)}), 1, 10, 10, 10 from o`;
}

const SALE: Breach["made"] = {
  sql: (columns) => `with s as (${INSERT_SESSION}), ${insertTillOrder(columns)}`,
  ledger: done("store-orders", "pos.order", { lines: 1, units: 1, total: 10, session: SESSION }),
};

/** BREACHES need a superuser's connection to a database of the arm's template, and stay in it. */
export const BREACHES: readonly Breach[] = [
  {
    name: "stock that vanished",
    sql: () => `update stock_quant set quantity = -5 where id = (
      select q.id from stock_quant q join stock_location l on l.id = q.location_id
      where l.usage = 'internal' and q.quantity > 0 order by q.id limit 1)`,
    broken: ["stock-double-entry", "stock-equals-moves", "no-negative-stock"],
  },
  {
    name: "stock that was reserved twice",
    sql: () => `update stock_quant set reserved_quantity = reserved_quantity + 3 where id = (
      select q.id from stock_quant q join stock_location l on l.id = q.location_id
      where l.usage = 'internal' and q.quantity > 10 order by q.id desc limit 1)`,
    broken: ["reserved-equals-lines"],
  },
  {
    name: "a journal entry out of balance",
    sql: () => `update account_move_line set debit = debit + 1, balance = balance + 1, amount_currency = amount_currency + 1
      where id = (select min(id) from account_move_line where debit > 0)`,
    broken: ["accounting-balanced"],
  },
  {
    name: "two orders of one name",
    sql: () => `update sale_order set name = (select name from sale_order order by id limit 1)
      where id = (select max(id) from sale_order)`,
    broken: ["names-unique"],
  },
  {
    name: "a picking without moves",
    sql: () => `insert into stock_picking (name, state, location_id, location_dest_id, picking_type_id, company_id, create_date, move_type)
      select 'BREACH/' || now(), 'assigned', location_id, location_dest_id, picking_type_id, company_id,
        now() at time zone 'UTC', move_type
      from stock_picking where state = 'assigned' limit 1`,
    broken: ["pickings-whole"],
  },
  {
    name: "a done batch with an open picking",
    sql: () => `with b as (insert into stock_picking_batch (name, state, company_id) values ('BREACH', 'done', 1) returning id)
      update stock_picking set batch_id = (select id from b)
      where id = (select min(id) from stock_picking where state = 'assigned' and batch_id is null)`,
    broken: ["no-orphan-moves"],
  },
  {
    name: "a confirmed order that nobody will deliver",
    sql: (columns) => `with o as (${insertOrder()})
      insert into sale_order_line (order_id, name, product_id, product_uom_qty, ${saleLineUnit(columns).slice(2)}, price_unit,
        customer_lead)
      select o.id, 'x', p.id, 1, t.uom_id, 1, 0 from o, product_product p
      join product_template t on t.id = p.product_tmpl_id where ${storableProduct(columns)} limit 1`,
    broken: ["orders-have-moves"],
  },
  {
    name: "a delivery that nobody made",
    sql: () => `update sale_order_line set qty_delivered = qty_delivered + 2
      where id = (select min(id) from sale_order_line where qty_delivered_method = 'stock_move')`,
    broken: ["delivered-equals-moves"],
  },
  {
    name: "an order that was paid twice",
    sql: (columns) => `with t as (${payments(columns)}), o as (${insertOrder()})
      insert into sale_order_transaction_rel (sale_order_id, transaction_id) select o.id, t.id from o, t`,
    broken: ["paid-once"],
  },
  {
    name: "an imported order that is there twice",
    made: IMPORT,
    sql: () => insertOrder({ client_order_ref: `'${REF}'`, amount_total: "10" }),
    broken: ["import-exactly-once"],
  },
  {
    name: "an imported order that was lost",
    made: IMPORT,
    sql: () => `delete from sale_order where client_order_ref = '${REF}'`,
    broken: ["import-exactly-once"],
  },
  {
    name: "an imported order with another total",
    made: IMPORT,
    sql: () => `update sale_order set amount_total = 9 where client_order_ref = '${REF}'`,
    broken: ["import-as-sent"],
  },
  {
    name: "a finished checkout whose order is a cart again",
    made: {
      sql: () => `with p as (
          update res_partner set email = '${SHOPPER}'
          where id = (select p.id from res_partner p where not exists (select from sale_order o where o.partner_id = p.id) limit 1)
          returning id)
        ${insertOrder({ partner_id: "(select id from p)" })}`,
      ledger: done("checkout", "sale.order", { email: SHOPPER, lines: 0 }),
    },
    sql: () => `update sale_order set state = 'draft' where partner_id = (select id from res_partner where email = '${SHOPPER}')`,
    broken: ["checkout-confirmed"],
  },
  {
    name: "a finished wave that is open again",
    made: {
      sql: () => `insert into stock_picking_batch (name, state, company_id) select '${REF}', 'done', min(id) from res_company`,
      ledger: done("picking-wave", "stock.picking.batch", { pickings: 0 }),
    },
    sql: () => `update stock_picking_batch set state = 'in_progress' where name = '${REF}'`,
    broken: ["batches-done"],
  },
  {
    name: "an order of a till that came in twice",
    made: SALE,
    sql: (columns) => `with s as (select ${SESSION} as id), ${insertTillOrder(columns)}`,
    broken: ["pos-once", "store-orders-once"],
  },
  {
    name: "an order of a till that is not what was sent",
    made: SALE,
    sql: () => `update pos_order_line set qty = 2 where order_id = (select id from pos_order where pos_reference = '${REF}')`,
    broken: ["store-orders-as-sent"],
  },
  {
    name: "a till that is open again, with an order whose goods are still there",
    made: {
      sql: () => INSERT_SESSION,
      ledger: done("store-orders", "pos.session", {}).map((record) => ({ ...record, id: SESSION })),
    },
    sql: (columns) => `with s as (update pos_session set state = 'opened' where id = ${SESSION} returning id),
      ${insertTillOrder(columns)}`,
    broken: ["store-sessions-balanced", "store-stock-moved"],
  },
];

/** Two payments that are done; each version wants other columns filled. */
function payments(columns: Columns): string {
  const values: Readonly<Record<string, string>> = {
    amount: "1",
    currency_id: "(select currency_id from res_company limit 1)",
    acquirer_id: "(select min(id) from payment_acquirer)",
    provider_id: "(select min(id) from payment_provider)",
    payment_method_id: "(select min(id) from payment_method)",
    partner_id: "(select min(id) from res_partner)",
    partner_country_id: "(select min(id) from res_country)",
    state: "'done'",
    reference: "'BREACH/' || g || clock_timestamp()",
    create_date: "now() at time zone 'UTC'",
    [processedPayment(columns).slice(2)]: "true",
    date: "now()",
    type: "'form'",
    operation: "'online_direct'",
  };
  const there = Object.entries(values).filter(([column]) => columns.has(`payment_transaction.${column}`));
  return `insert into payment_transaction (${there.map(([column]) => column).join(", ")})
    select ${there.map(([, value]) => value).join(", ")} from generate_series(1, 2) g returning id`;
}
