/** REGISTRY_CACHES are the caches of Odoo 17 and later whose processes tell each other, cache by cache, when one is out of date. */
export const REGISTRY_CACHES = ["assets", "default", "groups", "routing", "stable", "templates"] as const;
