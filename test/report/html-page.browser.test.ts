import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { renderJunit } from "../../src/report/formats/junit.ts";
import { renderHtml } from "../../src/report/html/page.ts";
import { inventHostile } from "./cases/hostile.ts";
import { inventHour } from "./cases/hour-long.ts";
import { CASES } from "./cases/invented-cases.ts";
import { startChromium } from "./chromium.ts";
import {
  findCrowdedText,
  findEmptyCharts,
  findFaintText,
  findOverflow,
  findTextOverlap,
  findUntitledCharts,
} from "./page-checks.ts";

const WIDTHS = [1280, 390] as const;
const PAGES: Readonly<Record<string, () => Evaluation>> = { ...CASES, "hour-long": inventHour, hostile: inventHostile };

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "peakproof-page-"));
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** openPage opens a page from a file and records its network requests. */
async function openPage(html: string, width: number): Promise<{ page: Page; requests: string[] }> {
  const file = join(folder, `${width}.html`);
  await writeFile(file, html);
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: "light" });
  const requests: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) requests.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  return { page, requests };
}

describe.each(Object.entries(PAGES))("%s", (_name, invent) => {
  const html = renderHtml(invent());

  test("is one file of at most 3 MB without a script", () => {
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(3_000_000);
    expect(html).not.toMatch(/<script|javascript:|\son[a-z]+=|@import|url\((?!#)/i);
  });

  test.each(WIDTHS)("is readable at %i px, in the light and the dark scheme", async (width) => {
    const { page, requests } = await openPage(html, width);
    try {
      expect(await findOverflow(page)).toEqual([]);
      expect(await findTextOverlap(page)).toEqual([]);
      expect(await findCrowdedText(page)).toEqual([]);
      expect(await findEmptyCharts(page)).toEqual([]);
      expect(await findUntitledCharts(page)).toEqual([]);
      expect(await findFaintText(page)).toEqual([]);
      // The dark scheme changes only colours, so only the contrast is checked again.
      const day = await groundOf(page);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await groundOf(page)).not.toBe(day);
      expect(await findFaintText(page)).toEqual([]);
      expect(requests).toEqual([]);
    } finally {
      await page.close();
    }
  });
});

async function groundOf(page: Page): Promise<string> {
  return String(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
}

test("the checks find all planted faults", async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 900 } });
  await page.setContent(`<main>
    <p style="width:500px">wide</p>
    <svg width="100" height="20"><text x="0" y="10">one</text><text x="5" y="10">two</text></svg>
    <p style="height:0;margin:0">under this</p><p style="margin:0">lies that</p>
    <figure data-chart="x"><figcaption>A title alone</figcaption><svg><path class="line" d="M0 0h0"/></svg></figure>
    <p style="color:#999;background:#fff">faint</p></main>`);
  expect(await findOverflow(page)).toHaveLength(2);
  expect(await findTextOverlap(page)).toEqual(["one on two"]);
  expect(await findCrowdedText(page)).toEqual(["under this on lies that"]);
  expect(await findEmptyCharts(page)).toEqual(["empty: A title alone"]);
  expect(await findUntitledCharts(page)).toEqual(["A title alone"]);
  expect(await findFaintText(page)).toEqual(["P.null 2.85"]);
  await page.close();
});

test("every section has an anchor, and every link leads to an anchor", async () => {
  const { page } = await openPage(renderHtml(inventHour()), 1280);
  const broken: unknown = await page.evaluate(`[
    ...[...document.querySelectorAll("section:not([id])")].map(() => "section"),
    ...[...document.querySelectorAll("a[href^='#']")].map(({ hash }) => hash).filter((hash) => !document.querySelector(hash)),
    ...[...document.querySelectorAll("[id]")].map(({ id }) => id).filter((id, at, ids) => ids.indexOf(id) !== at),
  ]`);
  expect(broken).toEqual([]);
  await page.close();
});

test("an effect opens by keyboard and shows its figures", async () => {
  const { page } = await openPage(renderHtml(inventHour()), 390);
  const row = page.locator("details.effect").first();
  await row.locator("summary").focus();
  await page.keyboard.press("Enter");
  expect(await row.locator("dl").isVisible()).toBe(true);
  expect(await findOverflow(page)).toEqual([]);
  expect(await findCrowdedText(page)).toEqual([]);
  await page.close();
});

test("JUnit of every case is well-formed XML, including hostile text", async () => {
  const page = await browser.newPage();
  for (const invent of Object.values(PAGES)) {
    const xml = JSON.stringify(renderJunit(invent()));
    const error: unknown = await page.evaluate(
      `new DOMParser().parseFromString(${xml}, "application/xml").querySelector("parsererror")?.textContent ?? ""`,
    );
    expect(error).toBe("");
  }
  await page.close();
});
