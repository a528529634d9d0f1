import { expect, test } from "vitest";

import { normaliseRoute } from "../../src/odoo-log/route.ts";

test.each([
  { path: "/", want: "/" },
  { path: "/shop?search=desk&page=3", want: "/shop" },
  { path: "/shop?search=desk&peakproof=browse-search", want: "/shop?peakproof=browse-search" },
  { path: "/shop/desk-9?peakproof=browse-product&page=2", want: "/shop/<slug>?peakproof=browse-product" },
  { path: "/shop?notpeakproof=browse-x&peakproof=", want: "/shop" },
  { path: "/shop/product/customizable-desk-9", want: "/shop/product/<slug>" },
  { path: "/shop/customizable-desk-9", want: "/shop/<slug>" },
  { path: "/shop/page/3", want: "/shop/page/<id>" },
  { path: "/fr_FR/shop/cart/", want: "/shop/cart" },
  { path: "/my/orders/17?access_token=x", want: "/my/orders/<id>" },
  { path: "/web/dataset/call_kw/sale.order/action_confirm", want: "/web/dataset/call_kw/sale.order/action_confirm" },
  { path: "/web/image/product.template/16/image_1024/Desk%20(white)?unique=ab12", want: "/web/image/<file>" },
  { path: "/web/content/812-9f3c2a1/1/web.assets_frontend.css", want: "/web/content/<file>" },
  { path: "/website_sale/static/src/img/placeholder.png", want: "/website_sale/static/<file>" },
  { path: "/payment/process/0b7c9f9e-1f6c-4b8e-9a55-8f2c7a1f7a10", want: "/payment/process/<id>" },
  { path: "/report/download/A9x8B7c6D5e4F3g2H1i0J", want: "/report/download/<id>" },
])("$path is $want", ({ path, want }) => {
  expect(normaliseRoute(path)).toBe(want);
});

test("a route is its own route", () => {
  for (const path of [
    "/shop/product/desk-1",
    "/shop/desk-1?a=b&peakproof=browse-product",
    "/web/image/a/b",
    "/my/orders/17",
    "//shop//cart",
  ]) {
    const route = normaliseRoute(path);
    expect(normaliseRoute(route)).toBe(route);
  }
});
