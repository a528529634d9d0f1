import { expect, test } from "vitest";
import { z } from "zod";
import { labConfigSchema, serverConfigSchema } from "../../src/cli/config/schema.ts";

test("docs/peakproof.schema.json is what the program checks (refresh it with: npx vitest run -u test/cli/schema.test.ts)", async () => {
  const schema = z.toJSONSchema(z.union([labConfigSchema, serverConfigSchema]), { io: "input" });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot("../../docs/peakproof.schema.json");
});
