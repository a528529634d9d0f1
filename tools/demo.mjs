// npm run demo: the main use case on a real Odoo. Judges a good release and a bad one against the same baseline.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const EXPECTED = [
  { candidate: "1.1", verdict: "PASS", exitCode: 0 },
  { candidate: "1.2", verdict: "FAIL", exitCode: 1 },
];

bootstrap();
peakproof(["lab", "up"]);
const outcomes = EXPECTED.map(({ candidate, verdict, exitCode }) => {
  console.log(`\n--- release ${candidate} against 1.0 (expected: ${verdict})\n`);
  const actual = peakproof(["campaign", "--baseline", "1.0", "--candidate", candidate], [0, 1, 3]);
  return { candidate, verdict, isExpected: actual === exitCode };
});
peakproof(["lab", "down"]);

console.log("");
for (const { candidate, verdict, isExpected } of outcomes) {
  console.log(`${isExpected ? "as expected" : "NOT as expected"}: release ${candidate} against 1.0 should be ${verdict}`);
}
process.exitCode = outcomes.every(({ isExpected }) => isExpected) ? 0 : 1;

function peakproof(args, allowed = [0]) {
  const { status } = spawnSync(process.execPath, ["bin/peakproof.js", ...args], { cwd: root, stdio: "inherit" });
  if (status !== null && allowed.includes(status)) return status;
  console.error(`peakproof ${args.join(" ")} ended with ${status}`);
  return process.exit(status ?? 1);
}
