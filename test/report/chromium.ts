import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright";

/** Paths of the browser on common systems. */
const COMMON_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** LAUNCH_ARGUMENTS stop the network access of the browser itself, so that the tests see only requests of the page. */
const LAUNCH_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** startChromium starts the installed browser. Without a browser the tests fail with installation instructions. */
export async function startChromium(): Promise<Browser> {
  const wanted = process.env["PEAKPROOF_CHROMIUM"];
  const executablePath = wanted ?? COMMON_PATHS.find((path) => existsSync(path));
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      `no Chromium at ${wanted ?? COMMON_PATHS.join(", ")}: install it (Debian: apt-get install chromium), ` +
        "or set PEAKPROOF_CHROMIUM to the executable",
    );
  }
  return chromium.launch({ executablePath, args: LAUNCH_ARGUMENTS, timeout: 60_000 });
}
