/** ProductCard is a product as a listing of the shop shows it. */
export interface ProductCard {
  /** Path of the product page as the listing links it, with its query. */
  readonly path: string;
  /** The longest word of the product's address: a word to search for. */
  readonly word: string;
}

/** All versions of Odoo mark the card of a product in a listing by this class. */
const CARD = "oe_product_cart";

/** LISTING is what every listing of products contains, also an empty one. */
export const LISTING = /products_grid|oe_website_sale/;

/** PRODUCT_PAGE is what every product page contains. */
export const PRODUCT_PAGE = /id="product_detail|name="product_id"/;

/** findProducts lists the products of a listing, each once, in the order of the page. */
export function findProducts(page: string): readonly ProductCard[] {
  const cards = new Map<string, ProductCard>();
  for (const card of page.split(CARD).slice(1)) {
    const link = linksOf(card).find(({ bare }) => /\/shop\/(?!category\/)\S*-\d+$/.test(bare));
    if (link !== undefined && !cards.has(link.bare)) cards.set(link.bare, { path: link.path, word: longestWord(link.bare) });
  }
  return [...cards.values()];
}

/** findCategories lists the paths of the categories that a page links, each once. */
export function findCategories(page: string): readonly string[] {
  const found = linksOf(page).filter(({ bare }) => /\/shop\/category\/[^/]*-\d+$/.test(bare));
  return [...new Set(found.map(({ bare }) => bare))];
}

/** findFilters lists the paths by which a listing can be narrowed to an attribute or sorted, each once. */
export function findFilters(page: string): readonly string[] {
  const sorted = linksOf(page).flatMap(({ path }) => (/\/shop\b[^?]*\?(?:.*&)?order=[^&]/.test(path) ? [path] : []));
  const attributes = [...page.matchAll(/<input\b[^>]*>/g)].flatMap(([tag]) => {
    const [, name] = /\bname="(attrib|attribute_values?)"/.exec(tag) ?? [];
    const [, value] = /\bvalue="(\d+-\d+)"/.exec(tag) ?? [];
    return name === undefined || value === undefined ? [] : [`/shop?${name}=${value}`];
  });
  return [...new Set([...attributes, ...sorted])];
}

/** withMark adds the mark of a step to a path. Odoo ignores the mark and logs it. It distinguishes these requests from a checkout's. */
export function withMark(path: string, mark: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}peakproof=${mark}`;
}

interface Link {
  /** With its query, without a fragment, which a browser does not send. */
  readonly path: string;
  readonly bare: string;
}

function linksOf(html: string): readonly Link[] {
  return [...html.matchAll(/href="(\/[^"#]*)/g)].map(([, address = ""]) => {
    const path = address.replaceAll("&amp;", "&");
    return { path, bare: path.replace(/\?.*$/, "") };
  });
}

/** The last part of the address of a product is its name in lower case and its number: `/shop/oak-garden-hose-12`. */
function longestWord(path: string): string {
  const words = (path.split("/").at(-1) ?? "").split("-").slice(0, -1);
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), "");
}
