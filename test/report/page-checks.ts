import type { Page } from "playwright";

/**
 * complaints runs a check inside the page and returns its list of problems; an empty list means that the page is good. The
 * checks are strings, because the repository is compiled without the types of the DOM.
 */
async function complaints(page: Page, script: string): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(script);
  return Array.isArray(found) ? found.map(String) : [`the check gave no list: ${String(found)}`];
}

/** findOverflow lists elements wider than the page, except inside boxes that scroll. */
export async function findOverflow(page: Page): Promise<readonly string[]> {
  return complaints(
    page,
    `(() => {
      const width = document.documentElement.clientWidth;
      const found = document.documentElement.scrollWidth > width ? ["the page scrolls sideways"] : [];
      for (const element of document.body.querySelectorAll("*")) {
        if (element.closest(".scroll, .hidden, .patterns")) continue;
        const box = element.getBoundingClientRect();
        if (box.width > 0 && (box.right > width + 1 || box.left < -1))
          found.push(element.tagName + "." + element.getAttribute("class") + " " + box.left + ".." + box.right);
      }
      return found;
    })()`,
  );
}

/** findTextOverlap lists texts of one chart that overlap, and texts that are cut off. */
export async function findTextOverlap(page: Page): Promise<readonly string[]> {
  return complaints(
    page,
    `(() => {
      const found = [];
      for (const svg of document.querySelectorAll("svg:not(svg svg)")) {
        const nodes = [...svg.querySelectorAll("text")];
        const texts = nodes.map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }));
        for (const [index, a] of texts.entries()) {
          if (a.box.left < -1 || a.box.right > document.documentElement.clientWidth + 1) found.push("cut off: " + a.text);
          for (const b of texts.slice(index + 1)) {
            const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            if (wide > 0.5 && high > 1) found.push(a.text + " on " + b.text);
          }
        }
      }
      return found;
    })()`,
  );
}

/** findCrowdedText lists texts outside charts that overlap: labels in rows, cells and legends. */
export async function findCrowdedText(page: Page): Promise<readonly string[]> {
  return complaints(
    page,
    `(() => {
      const found = [];
      const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
      const boxes = [];
      while (walker.nextNode()) {
        const node = walker.currentNode;
        const parent = node.parentElement;
        if (node.textContent.trim() === "" || parent.closest(".hidden, .scroll, svg, title")) continue;
        if (!parent.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) if (box.width > 0) boxes.push({ text: node.textContent.trim(), box });
      }
      boxes.sort((a, b) => a.box.top - b.box.top);
      for (const [index, a] of boxes.entries()) {
        for (let at = index + 1; at < boxes.length && boxes[at].box.top < a.box.bottom; at += 1) {
          const b = boxes[at];
          const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const high = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
          if (wide > 1 && high > 4) found.push(a.text + " on " + b.text);
        }
      }
      return found;
    })()`,
  );
}

/** findEmptyCharts lists charts that contain neither a visible mark nor the text that there is no data. */
export async function findEmptyCharts(page: Page): Promise<readonly string[]> {
  return complaints(
    page,
    `(() => {
      const charts = [...document.querySelectorAll("[data-chart]")];
      const isDrawn = (mark) => {
        const box = mark.getBoundingClientRect();
        return box.width + box.height > 1;
      };
      const hasNoDataText = (chart) => {
        const words = chart.matches(".no-data") ? chart : chart.querySelector(".no-data");
        return words !== null && words.textContent.trim() !== "" && words.getBoundingClientRect().width > 0;
      };
      const marksOf = (chart) => [...chart.querySelectorAll("svg .line, svg .mark")];
      if (charts.length === 0) return ["the page has no chart"];
      return charts
        .filter((chart) => !hasNoDataText(chart) && !marksOf(chart).some(isDrawn))
        .map((chart) => "empty: " + chart.textContent.trim().slice(0, 60));
    })()`,
  );
}

/** findUntitledCharts lists charts without a title, an axis name with its unit, or the direction of better. */
export async function findUntitledCharts(page: Page): Promise<readonly string[]> {
  return complaints(
    page,
    `[...document.querySelectorAll("figure[data-chart]")]
      .filter((chart) => {
        const caption = chart.querySelector("figcaption")?.textContent ?? "";
        return caption.trim() === "" || !/better/.test(caption);
      })
      .map((chart) => chart.textContent.trim().slice(0, 60))
      .concat(
        [...document.querySelectorAll("figure.timeline .strip[data-chart] .strip-name")]
          .filter((name) => (name.querySelector("small")?.textContent ?? "").trim() === "")
          .map((name) => "no unit: " + name.textContent),
      )`,
  );
}

/** findFaintText lists texts with a contrast below 4.5 to 1, the minimum of WCAG 2.2 level AA. */
export async function findFaintText(page: Page): Promise<readonly string[]> {
  return complaints(
    page,
    `(() => {
      const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
      const luminance = ([r, g, b]) => {
        const linear = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
      };
      const groundOf = (element) => {
        for (let at = element; at !== null; at = at.parentElement) {
          const ground = channels(getComputedStyle(at).backgroundColor);
          if (ground.length === 3 || ground[3] === 1) return ground;
        }
        return [255, 255, 255];
      };
      const found = new Set();
      for (const element of document.body.querySelectorAll("*")) {
        const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
        if (!own || !element.checkVisibility() || element.closest("title, defs")) continue;
        const style = getComputedStyle(element);
        const [a, b] = [channels(element.closest("svg") ? style.fill : style.color), groundOf(element)].map(luminance);
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) found.add(element.tagName + "." + element.getAttribute("class") + " " + contrast.toFixed(2));
      }
      return [...found];
    })()`,
  );
}
