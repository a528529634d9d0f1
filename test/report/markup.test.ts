import { expect, test } from "vitest";

import { escapeMarkup, markup } from "../../src/report/words/markup.ts";

test("inserted text is escaped, Markup is not escaped twice", () => {
  const inner = markup`<b>${"a < b & \"c\" 'd'"}</b>`;
  expect(markup`<p title="${'"><script>'}">${inner}${3}</p>`.markup).toBe(
    '<p title="&quot;&gt;&lt;script&gt;"><b>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</b>3</p>',
  );
});

test("the items of a list are inserted one after the other", () => {
  const parts = ["a", "<"].map((text) => markup`<i>${text}</i>`);
  expect(markup`${parts}`.markup).toBe("<i>a</i><i>&lt;</i>");
});

test("characters that XML forbids are replaced, all others are kept", () => {
  expect(escapeMarkup("a\u0000\u001b[31m\ud800b\tc\n😀→")).toBe("a\ufffd\ufffd[31m\ufffdb\tc\n😀→");
});
