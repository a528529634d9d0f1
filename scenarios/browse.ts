import { readPage, refuse } from "./lib/answer.ts";
import type { Transaction } from "./lib/transaction.ts";
import {
  findCategories,
  findFilters,
  findProducts,
  LISTING,
  PRODUCT_PAGE,
  type ProductCard,
  withMark,
} from "./odoo/shop-pages.ts";

/** Kinds of the pages after the shop page, over and over. */
const KINDS = ["category", "product", "search", "product", "filter", "product"] as const;

type Kind = (typeof KINDS)[number];

/** Visits in ten that a logged-in customer makes, where the target names one. */
const CUSTOMERS_IN_TEN = 3;

/** isCustomer chooses by the pair, so that the visitor is the same in both arms. */
export function isCustomer({ choose }: Transaction): boolean {
  return choose("customer", 10) < CUSTOMERS_IN_TEN;
}

/**
 * browseShop is one visitor who looks at `size` pages of the shop and does not buy: the shop page, then categories, products, searches
 * and filters. Every link comes from a page that the visitor has seen. A page that offers no category or no filter leads to a product.
 */
export function browseShop(transaction: Transaction): void {
  const { step, size } = transaction;
  const shop = step({ name: "browse/shop", path: "/shop?peakproof=browse-shop" }, (answer) =>
    readPage(answer, /oe_product_cart/),
  );
  let listing = shop;
  for (let number = 2; number <= size; number += 1) {
    const kind = KINDS[(number - 2) % KINDS.length] ?? "product";
    listing = openPage(transaction, { kind, number, listing, shop }) ?? listing;
  }
}

/** Place is where a visitor is: the number and kind of the next page, the last listing, and the shop page. */
interface Place {
  readonly kind: Kind;
  readonly number: number;
  readonly listing: string;
  readonly shop: string;
}

/** openPage opens the next page. It returns the page if it is a listing, else null. */
function openPage(transaction: Transaction, { kind, number, listing, shop }: Place): string | null {
  const { step, choose } = transaction;
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[choose(`${kind} ${number}`, items.length)];
  if (kind === "category") {
    const path = pick(findCategories(listing));
    if (path !== undefined) {
      const request = { name: "browse/category", path: withMark(path, "browse-category") };
      return step(request, (answer) => readPage(answer, LISTING));
    }
  }
  if (kind === "filter") {
    const path = pick(findFilters(listing));
    if (path !== undefined) {
      const request = { name: "browse/filter", path: withMark(path, "browse-filter") };
      return step(request, (answer) => readPage(answer, LISTING));
    }
  }
  const product = pick(productsOf(listing, shop)) ?? refuse("the shop page links no product");
  if (kind === "search") {
    const path = `/shop?search=${encodeURIComponent(product.word)}`;
    const request = { name: "browse/search", path: withMark(path, "browse-search") };
    return step(request, (answer) => readPage(answer, LISTING));
  }
  step({ name: "browse/product", path: withMark(product.path, "browse-product") }, (answer) => readPage(answer, PRODUCT_PAGE));
  return null;
}

/** A category or a search may have no products; then the visitor goes back to the shop page. */
function productsOf(listing: string, shop: string): readonly ProductCard[] {
  const products = findProducts(listing);
  return products.length > 0 ? products : findProducts(shop);
}
