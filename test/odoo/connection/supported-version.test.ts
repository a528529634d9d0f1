import { expect, test } from "vitest";

import { isSupported } from "../../../src/odoo/connection/server.ts";

test.each(["14.0", "14.0.1.3", "16.0-20240101", "saas~17.2", "saas~18.3.1.0", "19.0.1.3"])("%s is supported", (version) => {
  expect(isSupported(version)).toBe(true);
});

test.each(["13.0", "8.0.1.1", "20.0", "saas~19", "140.0", "unknown", "", "v14.0"])("%s is not supported", (version) => {
  expect(isSupported(version)).toBe(false);
});
