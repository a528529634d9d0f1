// npm run test:odoo -- --url URL --database NAME: checks everything that the harness expects of an Odoo, against a running
// server. Login and password come from the environment. docs/connect-your-odoo.md lists what the checks write and remove.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const USAGE = "npm run test:odoo -- --url https://staging.shop.test --database shop";
const NEEDED = ["PEAKPROOF_ODOO_LOGIN", "PEAKPROOF_ODOO_PASSWORD"];

const { url, database } = readArguments();
const unset = NEEDED.filter((name) => !process.env[name]);
if (unset.length > 0)
  fail(`${unset.join(" and ")} must be set.`, "Export login and password of the load user. They cannot be given as arguments.");

bootstrap();
const { status } = spawnSync("npm", ["exec", "--", "vitest", "run", "--project", "integration", "test/contract"], {
  cwd: root,
  stdio: ["ignore", 1, 2],
  env: { ...process.env, PEAKPROOF_ODOO_URL: new URL(url).origin, PEAKPROOF_ODOO_DATABASE: database },
});
process.exitCode = status ?? 1;

function readArguments() {
  try {
    const { values } = parseArgs({ options: { url: { type: "string" }, database: { type: "string" } } });
    if (URL.canParse(values.url ?? "") && values.database) return values;
  } catch {
    // Unknown option: the usage lists the options.
  }
  return fail("--url and --database are needed.", USAGE);
}

function fail(message, remedy) {
  console.error(`error: ${message}\n  ${remedy}`);
  process.exit(2);
}
