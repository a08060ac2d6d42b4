import { describe, expect, it } from "@jest/globals";
import { html } from "./html.ts";

describe("html", () => {
  it("escapes texts and keeps markup that was made by it", () => {
    const name = `<img src=x onerror="alert('1')">&`;
    expect(html`<a title="${name}">${[html`<b>${name}</b>`, 1, undefined, false, "<"]}</a>`.toString()).toBe(
      '<a title="&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;">' +
        "<b>&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;</b>1&#60;</a>",
    );
  });
});
