import { expect, test } from "vitest";

import { escapeMarkup, joinMarkup, markup } from "../../src/report/words/markup.ts";

test("what is put in is escaped, Markup is not escaped twice", () => {
  const inner = markup`<b>${"a < b & \"c\" 'd'"}</b>`;
  expect(markup`<p title="${'"><script>'}">${inner}${3}</p>`.markup).toBe(
    '<p title="&quot;&gt;&lt;script&gt;"><b>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</b>3</p>',
  );
});

test("lists are put in one behind the other, or with a separator between", () => {
  const parts = ["a", "<"].map((text) => markup`<i>${text}</i>`);
  expect(markup`${parts}`.markup).toBe("<i>a</i><i>&lt;</i>");
  expect(joinMarkup(parts, " & ").markup).toBe("<i>a</i> &amp; <i>&lt;</i>");
});

test("characters that XML forbids are replaced, the others stay", () => {
  expect(escapeMarkup("a\u0000\u001b[31m\ud800b\tc\n😀→")).toBe("a\ufffd\ufffd[31m\ufffdb\tc\n😀→");
});
