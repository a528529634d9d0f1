import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A program in the place of k6: it answers as k6 2.2 does to `version` and `inspect`, and `run` writes at once what a load of one good
 * order per planned arrival leaves. Where the file `broken` lies beside it, it refuses the scripts.
 */
const PROGRAM = `
const fs = require("node:fs"), path = require("node:path");
const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
const planOf = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
if (args[0] === "version") console.log("k6 v2.2.0");
else if (args[0] === "inspect") {
  if (fs.existsSync(path.join(__dirname, "broken"))) process.exit(107);
  const { scenarios } = planOf(option("-e").split("=")[1]);
  const found = Object.entries(scenarios).map(([name, { perMinute }]) => [name, { executor: "constant-arrival-rate", rate: perMinute }]);
  console.log(JSON.stringify({ scenarios: Object.fromEntries(found), maxVUs: 10 }));
} else {
  const { arms, durationMs, scenarios } = planOf(process.env.PEAKPROOF_PLAN);
  const names = Object.keys(arms);
  const startMs = Date.now();
  const periodMs = 60_000 / scenarios["order-import"].perMinute;
  const rows = ["metric_name,timestamp,metric_value,error_code,expected_response,group,method,name,proto,scenario,status,extra_tags,metadata"];
  let orders = 0;
  for (let dueMs = 0; dueMs < durationMs; dueMs += periodMs, orders += 1) {
    const arm = names[orders % names.length], tookMs = 100 + (orders % 7);
    const pair = Math.floor(orders / names.length);
    const row = (metric, value, name) =>
      metric + "," + (startMs + dueMs + tookMs) * 1e6 + "," + value + ",,true,,POST," + name + ",HTTP/1.1,order-import,200,arm=" + arm + "&outcome=ok,pair=" + pair;
    rows.push(row("http_reqs", 1, "order-import/create"), row("peakproof_step", tookMs, "order-import/create"));
    rows.push(row("peakproof_transaction", tookMs, ""), row("iterations", 1, ""));
  }
  const count = (value) => ({ values: { count: value } });
  const metrics = { iterations: count(orders), http_reqs: count(orders), dropped_iterations: count(0) };
  fs.writeFileSync(option("--out").split("=")[1], rows.join("\\n") + "\\n");
  fs.writeFileSync(option("--summary-export"), JSON.stringify({ metrics }));
  fs.writeFileSync(option("--console-output"), "");
}
`;

/** standInK6 writes the program into a folder and returns its path. */
export function standInK6(folder: string): string {
  const path = join(folder, "k6");
  writeFileSync(path, `#!${process.execPath}\n${PROGRAM}`, { mode: 0o755 });
  return path;
}
