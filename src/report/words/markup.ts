/** Markup is text that is safe to put into a page or an XML document: everything that came from outside is escaped in it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

/** markup builds Markup from a template. What is put in is escaped, unless it is Markup itself. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, index) => text + renderPart(parts[index])).join("") };
}

export const NOTHING: Markup = { markup: "" };

/** joinMarkup puts a separator between parts, as `join` does for strings. */
export function joinMarkup(parts: readonly Markup[], separator: string): Markup {
  return { markup: parts.map((part) => part.markup).join(escapeMarkup(separator)) };
}

/** escapeMarkup makes text harmless in elements and in quoted attributes, and drops what XML 1.0 forbids. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function renderPart(part: Part | undefined): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escapeMarkup(part);
  if (typeof part === "number") return escapeMarkup(String(part));
  return "markup" in part ? part.markup : part.map((item) => item.markup).join("");
}
