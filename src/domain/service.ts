/** Service is the business service an indicator belongs to; `platform` is what all of them share. */
export type Service = "checkout" | "stock" | "order-import" | "warehouse" | "store" | "finance" | "platform";

/** Layer is where time or work is spent. */
export type Layer = "loader" | "ingress" | "odoo" | "postgres" | "redis" | "host";
