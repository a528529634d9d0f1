import { expect, test } from "vitest";

import { findCategories, findFilters, findProducts, withMark } from "../../../scenarios/odoo/shop-pages.ts";

/** A card of Odoo 14 to 17, and one of 18 and 19, whose link contains the category. */
const OLD_CARD = `<form action="/shop/cart/update" method="post" class="card oe_product_cart">
  <a itemprop="url" class="d-block h-100" href="/shop/oak-garden-hose-12?category=3&amp;search=oak#attr=1"><img/></a>
  <a itemprop="name" href="/shop/oak-garden-hose-12?category=3&amp;search=oak">Oak Hose</a></form>`;
const NEW_CARD = `<form class="oe_product_cart h-100"><a class="oe_product_image_link" href="/shop/garden-3/steel-spade-13"></a></form>`;
const MENU = `<a role="menuitem" href="/shop/category/garden-3" class="nav-link">Garden</a><a href="/shop/cart">Cart</a>`;

test("products are the links of the cards, each once, with their query and without their fragment", () => {
  expect(findProducts(`${MENU}${OLD_CARD}${OLD_CARD}${NEW_CARD}`)).toEqual([
    { path: "/shop/oak-garden-hose-12?category=3&search=oak", word: "garden" },
    { path: "/shop/garden-3/steel-spade-13", word: "steel" },
  ]);
  expect(findProducts(MENU)).toEqual([]);
});

test("categories are the links to categories, in whatever attribute they stand", () => {
  const film = `<li data-link-href="/shop/category/kitchen-pans-4?order=name"></li>`;
  expect(findCategories(`${MENU}${MENU}${film}`)).toEqual(["/shop/category/garden-3", "/shop/category/kitchen-pans-4"]);
});

test.each([
  {
    name: "a sort order",
    html: `<a href="/shop?order=list_price+asc&amp;category=3">`,
    want: ["/shop?order=list_price+asc&category=3"],
  },
  {
    name: "a sort order inside a category",
    html: `<a href="/shop/category/a-1?order=name+asc">`,
    want: ["/shop/category/a-1?order=name+asc"],
  },
  { name: "an attribute", html: `<input type="checkbox" name="attrib" value="3-7">`, want: ["/shop?attrib=3-7"] },
  {
    name: "an attribute under its newer name",
    html: `<input value="3-7" name="attribute_values">`,
    want: ["/shop?attribute_values=3-7"],
  },
  { name: "no order", html: `<a href="/shop?order="><input name="search" value="1-2">`, want: [] },
])("a filter is $name", ({ html, want }) => {
  expect(findFilters(html)).toEqual(want);
});

test("the mark is the last parameter of the query", () => {
  expect(withMark("/shop/a-1", "browse-product")).toBe("/shop/a-1?peakproof=browse-product");
  expect(withMark("/shop/a-1?category=3", "browse-product")).toBe("/shop/a-1?category=3&peakproof=browse-product");
});
