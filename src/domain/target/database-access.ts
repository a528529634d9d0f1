/** REGISTRY_CACHES are the caches of Odoo 17 and later. Its processes signal to each other when one of these caches is out of date. */
export const REGISTRY_CACHES = ["assets", "default", "groups", "routing", "stable", "templates"] as const;

/** ReadTable is one table of Odoo (or one of its sequences) that the harness reads by SQL. */
export interface ReadTable {
  readonly table: string;
  /** The readable columns, where others are private: addresses, texts of mails, arguments of jobs. Not every version has all of them. */
  readonly columns?: readonly string[];
}

/** INVARIANT_TABLES are the tables of the business rules, and the module table, which holds Odoo's version. */
export const INVARIANT_TABLES: readonly ReadTable[] = [
  { table: "account_move" },
  { table: "account_move_line" },
  { table: "ir_module_module" },
  {
    table: "payment_transaction",
    columns: ["id", "state", "reference", "is_processed", "is_post_processed", "create_date"],
  },
  { table: "pos_order" },
  { table: "pos_order_line" },
  { table: "pos_payment", columns: ["id", "pos_order_id", "amount"] },
  { table: "pos_payment_method", columns: ["id", "receivable_account_id"] },
  { table: "pos_session" },
  { table: "product_product" },
  { table: "product_template" },
  {
    table: "res_company",
    columns: ["id", "account_default_pos_receivable_account_id", "tax_calculation_rounding_method"],
  },
  { table: "res_partner", columns: ["id", "email"] },
  { table: "sale_order" },
  { table: "sale_order_line" },
  { table: "sale_order_transaction_rel" },
  { table: "stock_location" },
  { table: "stock_move" },
  { table: "stock_move_line" },
  { table: "stock_picking" },
  { table: "stock_picking_batch" },
  { table: "stock_quant" },
  { table: "uom_uom" },
];

/** BACKLOG_TABLES are the tables that the backlog probe reads during the load. Most shops lack some of them. */
export const BACKLOG_TABLES: readonly ReadTable[] = [
  { table: "base_cache_signaling" },
  ...REGISTRY_CACHES.map((cache) => ({ table: `base_cache_signaling_${cache}` })),
  { table: "base_registry_signaling" },
  { table: "ir_cron", columns: ["id", "active", "nextcall", "failure_count"] },
  { table: "mail_mail", columns: ["id", "state", "create_date"] },
  ...REGISTRY_CACHES.map((cache) => ({ table: `orm_signaling_${cache}` })),
  { table: "orm_signaling_registry" },
  { table: "pos_order" },
  { table: "queue_job", columns: ["state", "eta", "date_created"] },
  { table: "sale_order" },
  { table: "stock_picking" },
];

/** NEUTRALITY_TABLES show whether the target could send real mail or take real money. The password of a mail server is not included. */
const NEUTRALITY_TABLES: readonly ReadTable[] = [
  { table: "ir_mail_server", columns: ["id", "name", "active", "smtp_host"] },
  { table: "payment_acquirer", columns: ["id", "name", "state"] },
  { table: "payment_provider", columns: ["id", "name", "state"] },
];

/** READ_TABLES are all of these tables, each once: exactly what the invariants role may read. */
export const READ_TABLES: readonly ReadTable[] = [
  ...INVARIANT_TABLES,
  ...NEUTRALITY_TABLES,
  ...BACKLOG_TABLES.filter(({ table }) => !INVARIANT_TABLES.some((known) => known.table === table)),
].toSorted((left, right) => (left.table < right.table ? -1 : 1));

/** PROBE_ROLE reads PostgreSQL's statistics; INVARIANTS_ROLE reads business tables. Neither can write. */
export const PROBE_ROLE = "peakproof_probe";
export const INVARIANTS_ROLE = "peakproof_invariants";
