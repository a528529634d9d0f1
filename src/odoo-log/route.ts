/** Routes that end with a file name. Each is one route; otherwise every picture of the shop would be a route. */
const FILES = /^(\/web\/(?:image|content|assets)|\/[^/]+\/static)\/.+$/;
/** `/fr_FR/shop` is `/shop` in another language. Two letters alone are kept: `/my` is the portal. */
const LANGUAGE = /^\/[a-z]{2}_[A-Z]{2}(?=\/|$)/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Tokens are longer than any word of a path. */
const TOKEN = /^(?=.*\d)[0-9a-zA-Z_]{20,}$/;

/**
 * A scenario that requests the same pages as another one marks its requests by this parameter, which Odoo ignores and logs. The
 * value names the step: `browse-product`.
 */
const MARK = /[?&](peakproof=[a-z-]+)(?:&|$)/;

/**
 * normaliseRoute turns the path of a request into its route, so that requests can be counted by route: `<id>` for numbers and
 * tokens, `<slug>` for `name-12`, `<file>` for the names of files. The query is dropped, except for the mark of a scenario.
 */
export function normaliseRoute(path: string): string {
  const bare = path
    .replace(/[?#;].*$/s, "")
    .replace(LANGUAGE, "")
    .replaceAll(/\/{2,}/g, "/");
  const files = FILES.exec(bare);
  if (files?.[1] !== undefined) return `${files[1]}/<file>`;
  const route = bare
    .split("/")
    .map((segment) => normaliseSegment(segment))
    .join("/")
    .replace(/\/$/, "");
  const [, mark] = MARK.exec(path) ?? [];
  return `${route === "" ? "/" : route}${mark === undefined ? "" : `?${mark}`}`;
}

function normaliseSegment(segment: string): string {
  if (/^\d+$/.test(segment) || UUID.test(segment) || TOKEN.test(segment)) return "<id>";
  return /^\S*-\d+$/.test(segment) ? "<slug>" : segment;
}
