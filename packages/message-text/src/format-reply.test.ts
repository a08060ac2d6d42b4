import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatReply } from "./format-reply.ts";

const asText = (markdown: string) => formatReply(markdown, "text").content;
const lines = (...all: string[]) => all.join("\n");

describe("formatReply as text", () => {
  it.each([
    ["a heading", "# 部署报告\n\n内容\n\n### Details", "【部署报告】\n\n内容\n\n◆ Details"],
    ["bold and italics", "**注意：**请看 *this* and __that__ one", "注意：请看 this and __that__ one"],
    ["bold across a line break", "**a\nb** c", "a\nb c"],
    ["line breaks as typed", "一\n二  \n三\\\n四", "一\n二\n三\n四"],
    ["struck text, which keeps its meaning", "~~旧~~ 新，3~5 天，10~15 天", "~~旧~~ 新，3~5 天，10~15 天"],
    ["inline code", "执行 `npm ci` 后", "执行 「npm ci」 后"],
    ["a list", "- 一\n- 二\n  - **三**\n    - 四", "• 一\n• 二\n  • 三\n    • 四"],
    ["a numbered list", "3. a\n4. b\n   1) c", "3. a\n4. b\n   1) c"],
    ["a list that counts by itself", "1. a\n1. b\n1. c", "1. a\n2. b\n3. c"],
    ["tasks", "- [x] 完成\n- [ ] 待办", "☑ 完成\n☐ 待办"],
    ["a loose list", "- a\n\n  b\n\n- c", "• a\n  b\n• c"],
    ["quotes", "> a\n> b\n>\n> > c", "> a\n> b\n>\n>> c"],
    ["a rule, also right under a line", "a\n---\nb", "a\n\n────────────\n\nb"],
    ["footnotes", "据[^1]说\n\n[^1]: 来源 **A**", "据[1]说\n\n[1]: 来源 A"],
    ["entities and escapes", "AT&amp;T \\*x\\* &lt;T&gt;", "AT&T *x* <T>"],
  ])("shows %s", (_, markdown, expected) => {
    expect(asText(markdown)).toBe(expected);
  });

  it.each([
    ["a named link", "[文档](https://x.cn/a?b=1&c=2)", '<a href="https://x.cn/a?b=1&c=2">文档</a>'],
    ["a reference", "[文档][d]\n\n[d]: https://x.cn", '<a href="https://x.cn">文档</a>'],
    ["an <a> of HTML", '<a href="https://x.cn">文档</a>', '<a href="https://x.cn">文档</a>'],
    ["a bare address", "见 https://x.cn/__init__.py/*a*/_b_。", "见 https://x.cn/__init__.py/*a*/_b_。"],
    ["an address in brackets", "<https://x.cn>后", "https://x.cn 后"],
    ["an address under its own name", "[x.cn](https://x.cn/)", "x.cn"],
    ["a name that claims another address", "[bank.com](https://evil.com)", "bank.com (https://evil.com)"],
    ["a name that cannot stand in a tag", "[a<b](https://x.cn)", "a<b (https://x.cn)"],
    ["mail", "[我](mailto:a@b.cn)", "我 (a@b.cn)"],
    ["an image", "![图](https://x.cn/a.png)后文", "🖼 图: https://x.cn/a.png 后文"],
    ["a quote mark in an address", '[a](<https://x.cn/"q">)', '<a href="https://x.cn/%22q%22">a</a>'],
    ["a script, as text", "[a](javascript:alert)", "[a](javascript:alert)"],
  ])("shows %s", (_, markdown, expected) => {
    expect(asText(markdown)).toBe(expected);
  });

  it("frames code and keeps every character of it", () => {
    const code = lines("def f(*args, **kw):", "", "    # **not bold** <b> `x`", "    return '└────────'");
    expect(asText(`看：\n\n\`\`\`python\n${code}\n\`\`\`\n\n完`)).toBe(
      lines("看：", "", "┌──────── python", code, "└────────", "", "完"),
    );
    expect(asText("```\n└────────\n```")).toBe(lines("┌─────────", "└────────", "└─────────"));
    expect(asText("- a\n  ```\n  x\n    y\n  ```")).toBe(
      lines("• a", "  ┌────────", "  x", "    y", "  └────────"),
    );
  });

  it("shows a link in somebody's code as code", () => {
    expect(asText('`<a href="https://x.cn">y</a>`')).toBe('「<\u200ba href="https://x.cn">y</a>」');
  });

  it("keeps a small table as a grid whose columns line up", () => {
    expect(asText("| 姓名 | City |\n|--|--|\n| 张三 | SH |\n| 李四四 | Beijing |")).toBe(
      lines("姓名　 | City", "───────", "张三　 | SH", "李四四 | Beijing"),
    );
  });

  it("makes pairs of a wide table with two columns, and records of one with more", () => {
    const long = "等待智能体回答的最长时间，超过以后告诉用户";
    expect(asText(`| 参数 | 含义 |\n|--|--|\n| \`t\` | ${long} |\n| b | **c** |`)).toBe(
      lines("参数：含义", `• 「t」：${long}`, "• b：c"),
    );
    expect(asText(`| 名称 | Type | 说明 |\n|--|--|--|\n| t | int | ${long} |\n| b | | c<br>d |`)).toBe(
      lines("• 名称：t", "  Type：int", `  说明：${long}`, "• 名称：b", "  说明：c d"),
    );
  });

  it("keeps what a row holds beyond its columns", () => {
    const rows = "| op | code |\n|--|--|\n| or | a || b |\n| and | `a \\| b` |";
    expect(asText(rows)).toBe(lines("op  | code", "─────", "or  | a | b", "and | 「a | b」"));
    expect(asText(`> ${rows.replaceAll("\n", "\n> ")}`)).toContain("a | b");
  });

  it("drops the tags of HTML and keeps what only looks like one", () => {
    expect(
      asText(
        "<b>粗</b>、H<sub>2</sub>O、2<sup>10</sup><br>Map<String, List<T>> vector<b> <T> a < b <your-name>",
      ),
    ).toBe("粗、H_2O、2^10\nMap<String, List<T>> vector<b> <T> a < b <your-name>");
    expect(asText("<details>\n<summary>更多</summary>\n\n内容\n\n</details>\n\n<!-- 注 -->")).toBe(
      "更多\n\n内容",
    );
  });

  it.each([
    "2*3*4=24，2**8**2，长*宽*高，x*y + z*w",
    "src/**/test/*.ts 和 **/*.js，*.md，__init__.py，snake_case_name",
    "a < b && c > d，if (x<y) {}，5 > 3",
    "[张三]: 好的\n[李四]: 明天见",
    "MEDIA:/tmp/a_b_c/*x*/`y`.png",
    "#话题 不是标题，1986年，-5 度，100%",
    "key:\n  nested: 1\n    deeper: 2",
    "価格は ￥100 ～ ￥200 (税込) 👩‍👩‍👧‍👦",
    "C:\\Users\\test",
  ])("leaves plain text alone: %s", (text) => {
    expect(asText(text)).toBe(text);
  });

  it("never loses a reply that is nothing but syntax", () => {
    expect(asText("<!-- only -->")).toBe("<!-- only -->");
    expect(asText("[a]: https://x.cn")).toBe("[a]: https://x.cn");
    expect(asText("   \n")).toBe("");
  });
});

describe("formatReply as markdown", () => {
  const asMarkdown = (markdown: string) => formatReply(markdown, "markdown").content;

  it.each([
    [
      "what WeCom renders",
      "## 标题\n\n**粗** `码` [文档](https://x.cn)\n\n> 引",
      "## 标题\n\n**粗** `码` [文档](https://x.cn)\n\n> 引",
    ],
    [
      "colours",
      '<font color="warning">警告</font> <font color="red">红</font>',
      '<font color="warning">警告</font> 红',
    ],
    ["bold on every line of its own", "**a\nb**", "**a**\n**b**"],
    ["bold of HTML, once", "**a <b>b</b> c**", "**a b c**"],
    ["no italics", "*a* b", "a b"],
    ["lists", "- a\n  - b\n1. c", "• a\n　• b\n\n1. c"],
    ["one level of quotes", "> a\n>\n> > b", "> a\n>\n> ▏b"],
    [
      "code line by line",
      "```sh\n# a\necho `x` **b**\n```",
      '<font color="comment">sh</font>\n`# a`\n``echo `x` **b**``',
    ],
    ["a table", "|a|b|\n|-|-|\n|1|2|", "**a** | **b**\n1 | 2"],
    ["images as links", "![图](https://x.cn/a.png)", "[🖼 图](https://x.cn/a.png)"],
    ["brackets in a link", "[a\\]b](https://x.cn/(c))", "[a］b](https://x.cn/%28c%29)"],
    ["text that is no mark", "\\# a\n2 \\*\\* 3", "\u200b# a\n2 *\u200b* 3"],
  ])("shows %s", (_, markdown, expected) => {
    expect(formatReply(markdown, "markdown")).toEqual({ msgtype: "markdown", content: expected });
    expect(asMarkdown(markdown)).toBe(expected);
  });
});

describe("formatReply chooses", () => {
  it.each(["## 标题\n\n好", "**粗** `码`", "[文档](https://x.cn)", "> 引", '<font color="info">好</font>'])(
    "markdown for what only markdown shows: %s",
    (markdown) => expect(formatReply(markdown, "auto").msgtype).toBe("markdown"),
  );

  it.each([
    "好的。",
    "**a**\n\n- b",
    "**a** *b*",
    "**a** ~~b~~",
    "**a**\n\n```\nb\n```",
    "**a**\n\n|b|\n|-|\n|c|",
    "**a** ![b](https://x.cn/b.png)",
    "**a**\n\n---",
    "**a**\n\n> b\n>\n> > c",
    "**a** 2\\*\\*3",
    "**a** H<sub>2</sub>O",
    "**a** [b](./c.md)",
  ])("text for what markdown would not show, or not better: %s", (markdown) => {
    expect(formatReply(markdown, "auto").msgtype).toBe("text");
  });
});

describe("formatReply and hostile input", () => {
  const modes = ["text", "markdown", "auto"] as const;

  it("never throws, and shows something of everything that can be seen", () => {
    const syntax = fc.constantFrom(
      ...'*_`~[]()<>#|-+!\\&\n 1.a字👩‍👧:/="^',
      "```",
      "http://a.cn",
      "<b>",
      "</b>",
      "\n\n",
      "> ",
      "- ",
    );
    const markdown = fc.array(syntax, { maxLength: 60 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        fc.oneof(markdown, fc.string({ unit: "binary" })),
        fc.constantFrom(...modes),
        (text, mode) => {
          const { content } = formatReply(text, mode);
          expect(content.isWellFormed()).toBe(true);
          if (/[a字]/u.test(text)) expect(content).not.toBe("");
        },
      ),
    );
  });

  it.each([
    ["quotes", ">", ""],
    ["quotes with spaces", "> ", "a"],
    ["lists", "- ", "a"],
    ["quoted lists", "> - ", "a"],
    ["numbers", "1. ", "a"],
    ["brackets", "[", ""],
    ["images", "![", ""],
    ["links", "[a](", ""],
    ["stars", "*a **b ", ""],
    ["emphasis", "*a", "b*".repeat(10_000)],
    ["tags", "<b>", "</b>".repeat(10_000)],
    ["tags that never end", '<a b="', ""],
    ["comments", "<!--", ""],
    ["blocks of HTML", "<div>\n", ""],
    ["backticks", "a`", ""],
    ["colons", "http:", ""],
    ["tables", "|", `\n${"|-".repeat(5000)}`],
  ])("is done with 10,000 nested %s and loses no text", (_, open, end) => {
    const text = `${open.repeat(10_000)}${end}\n\n结尾`;
    for (const mode of modes) expect(formatReply(text, mode).content).toMatch(/结尾$/u);
  });
});
