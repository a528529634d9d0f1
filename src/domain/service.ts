/** Service is the business service of an indicator; `platform` stands for all services together. */
export type Service = "checkout" | "stock" | "order-import" | "warehouse" | "store" | "finance" | "platform";

/** Layer is where time or work is spent. */
export type Layer = "loader" | "ingress" | "odoo" | "postgres" | "redis" | "host";
