/** Breach is damage done to a database of Odoo 14 behind Odoo's back, and the rules that must find it. */
export interface Breach {
  readonly name: string;
  readonly sql: string;
  readonly broken: readonly string[];
}

const ORDER = `insert into sale_order (name, state, partner_id, partner_invoice_id, partner_shipping_id, date_order, pricelist_id,
    company_id, create_date, picking_policy, warehouse_id)
  select 'BREACH/' || clock_timestamp(), 'sale', partner_id, partner_invoice_id, partner_shipping_id, date_order, pricelist_id,
    company_id, now() at time zone 'UTC', picking_policy, warehouse_id from sale_order limit 1 returning id`;

/** BREACHES need a superuser's connection to a database of the arm's template, and stay in it. */
export const BREACHES: readonly Breach[] = [
  {
    name: "stock that vanished",
    sql: `update stock_quant set quantity = -5 where id = (
      select q.id from stock_quant q join stock_location l on l.id = q.location_id
      where l.usage = 'internal' and q.quantity > 0 order by q.id limit 1)`,
    broken: ["stock-double-entry", "stock-equals-moves", "no-negative-stock"],
  },
  {
    name: "stock that was reserved twice",
    sql: `update stock_quant set reserved_quantity = reserved_quantity + 3 where id = (
      select q.id from stock_quant q join stock_location l on l.id = q.location_id
      where l.usage = 'internal' and q.quantity > 10 order by q.id desc limit 1)`,
    broken: ["reserved-equals-lines"],
  },
  {
    name: "a journal entry out of balance",
    sql: `update account_move_line set debit = debit + 1, balance = balance + 1, amount_currency = amount_currency + 1
      where id = (select min(id) from account_move_line where debit > 0)`,
    broken: ["accounting-balanced"],
  },
  {
    name: "two orders of one name",
    sql: `update sale_order set name = (select name from sale_order order by id limit 1)
      where id = (select max(id) from sale_order)`,
    broken: ["names-unique"],
  },
  {
    name: "a picking without moves",
    sql: `insert into stock_picking (name, state, location_id, location_dest_id, picking_type_id, company_id, create_date, move_type)
      select 'BREACH/' || now(), 'assigned', location_id, location_dest_id, picking_type_id, company_id,
        now() at time zone 'UTC', move_type
      from stock_picking where state = 'assigned' limit 1`,
    broken: ["pickings-whole"],
  },
  {
    name: "a done batch with an open picking",
    sql: `with b as (insert into stock_picking_batch (name, state, company_id) values ('BREACH', 'done', 1) returning id)
      update stock_picking set batch_id = (select id from b)
      where id = (select min(id) from stock_picking where state = 'assigned' and batch_id is null)`,
    broken: ["no-orphan-moves"],
  },
  {
    name: "a confirmed order that nobody will deliver",
    sql: `with o as (${ORDER})
      insert into sale_order_line (order_id, name, product_id, product_uom_qty, product_uom, price_unit, customer_lead)
      select o.id, 'x', p.id, 1, t.uom_id, 1, 0 from o, product_product p
      join product_template t on t.id = p.product_tmpl_id where t.type = 'product' limit 1`,
    broken: ["orders-have-moves"],
  },
  {
    name: "a delivery that nobody made",
    sql: `update sale_order_line set qty_delivered = qty_delivered + 2
      where id = (select min(id) from sale_order_line where qty_delivered_method = 'stock_move')`,
    broken: ["delivered-equals-moves"],
  },
  {
    name: "an order that was paid twice",
    sql: `with t as (
        insert into payment_transaction (amount, currency_id, acquirer_id, state, reference, create_date, is_processed, date, type,
          partner_country_id)
        select 1, (select currency_id from res_company limit 1), (select id from payment_acquirer where provider = 'test'), 'done',
          'BREACH/' || g || clock_timestamp(), now() at time zone 'UTC', true, now(), 'form', (select min(id) from res_country)
        from generate_series(1, 2) g returning id),
      o as (${ORDER})
      insert into sale_order_transaction_rel (sale_order_id, transaction_id) select o.id, t.id from o, t`,
    broken: ["paid-once"],
  },
];
