/** SERVICES are the business services, in the order of reports. `platform` is what all of them share. */
export const SERVICES = ["shop", "checkout", "stock", "order-import", "warehouse", "store", "finance", "platform"] as const;

/** Service is the business service that an indicator belongs to. */
export type Service = (typeof SERVICES)[number];

/** Layer is where time or work is spent. */
export type Layer = "loader" | "ingress" | "odoo" | "postgres" | "redis" | "host";
