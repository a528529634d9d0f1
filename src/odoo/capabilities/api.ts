import { missingCapability, type Picker } from "./picker.ts";

const JSON_2_ROUTE = "/json/version";

/**
 * api is how other systems call methods: by the JSON-2 API (Odoo 19 and later) where the target names an API key, otherwise in a
 * session. A server has the JSON-2 API if the route of its version answers, which needs no key.
 */
export const api: Picker<"api"> = {
  name: "api",
  asks: { routes: [JSON_2_ROUTE] },
  pick({ hasApiKey, routes, server }) {
    if (!hasApiKey) return "session";
    if (routes.has(JSON_2_ROUTE)) return "key";
    const lacks = `${JSON_2_ROUTE} does not answer, and the target names an API key (apiKeyEnv), which only the JSON-2 API takes`;
    throw missingCapability("api", { module: "rpc", lacks, server });
  },
};
