// npm test: all checks and tests, on a machine without any preparation. The last line counts the tests.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const CHECKS = ["types", "lint", "format:check", "dead"];

bootstrap({ browser: true });
let failed = 0;
let passed = 0;
for (const check of CHECKS) {
  if (npm(["run", "--silent", check]) === 0) passed += 1;
  else {
    failed += 1;
    console.error(`npm run ${check} failed`);
  }
}
const folder = mkdtempSync(join(tmpdir(), "peakproof-test-"));
try {
  const results = join(folder, "results.json");
  const status = npm(["exec", "--", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`]);
  const counts = JSON.parse(readFileSync(results, "utf8"));
  passed += counts.numPassedTests;
  failed += counts.numFailedTests + counts.numPendingTests + counts.numTodoTests;
  // A test file that does not load has no tests, and must still count as a failure.
  if (status !== 0 && failed === 0) failed = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function npm(args) {
  return spawnSync("npm", args, { cwd: root, stdio: ["ignore", 1, 2] }).status ?? 1;
}
