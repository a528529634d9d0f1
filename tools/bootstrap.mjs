// Prepares a fresh clone: node_modules from the lock file, the compiled program, and a browser where tests need one. It needs
// only Node, prints each step, and skips steps that are already done.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export function bootstrap({ browser = false } = {}) {
  checkNode();
  installPackages();
  run("npm", ["run", "--silent", "build"]);
  if (browser) installBrowser();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!isSupported) fail(`Node ${process.versions.node} is too old.`, "Install Node 20.19 or newer, or 22.12 or newer.");
}

function installPackages() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".peakproof-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("installing the packages of package-lock.json (about 20 s)");
  run("npm", ["ci", "--no-audit", "--no-fund"]);
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(stamp, lock);
}

function installBrowser() {
  const candidates = [process.env.PEAKPROOF_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  if (candidates.some((path) => path !== undefined && existsSync(path))) return;
  const remedy = "Install Chromium (apt-get install chromium), or set PEAKPROOF_CHROMIUM to its path.";
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) fail("The report tests need Chromium.", remedy);
  console.error("installing Chromium from Debian's packages (about 60 s)");
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { DEBIAN_FRONTEND: "noninteractive" });
}

function run(command, args, environment = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    // Under `npm run --silent` npm would print no errors.
    env: { ...process.env, npm_config_loglevel: "warn", ...environment },
  });
  if (status !== 0) fail(`${command} ${args.join(" ")} ended with ${status}.`, "The lines above show the cause.");
}

function fail(message, remedy) {
  console.error(`error: ${message}\n  ${remedy}`);
  process.exit(4);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) bootstrap({ browser: true });
