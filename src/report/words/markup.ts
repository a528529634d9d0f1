/** Markup is HTML or XML text in which all text from outside is escaped. */
export interface Markup {
  readonly markup: string;
}

/** NOTHING is empty Markup. */
export const NOTHING: Markup = { markup: "" };

type Part = string | number | Markup | readonly Markup[];

/** markup builds Markup from a template. Inserted strings and numbers are escaped; inserted Markup is not escaped again. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, index) => text + renderPart(parts[index])).join("") };
}

/** escapeMarkup escapes text for elements and quoted attributes. Characters that XML 1.0 forbids become U+FFFD. */
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
