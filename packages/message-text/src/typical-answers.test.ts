import { describe, expect, it } from "@jest/globals";
import { formatReply } from "./format-reply.ts";

/** Whole answers as agents write them, and as a person reads them. */
const chinese = {
  markdown: `
## 排查结果

服务 \`order-api\` 在 **10:32** 重启，原因是**内存不足（OOM）。**建议：

1. 先扩容：
   \`\`\`bash
   kubectl scale deploy/order-api --replicas=4
   # 等待 2*3=6 分钟
   \`\`\`
2. 再查看[监控面板](https://grafana.example.com/d/abc?from=now-1h&to=now)
   - CPU 正常
   - 内存 *偏高*
3. ~~回滚~~ 暂不需要

| 时间 | 事件 | 影响 |
| --- | --- | --- |
| 10:30 | 内存 95% | 无 |
| 10:32 | 重启 | 5 秒 |

> 注意：\`max_old_space_size\` 目前是 512。

---

还有问题请回复 1️⃣ 或 2️⃣。
`,
  asText: `
【排查结果】

服务 「order-api」 在 10:32 重启，原因是内存不足（OOM）。建议：

1. 先扩容：
   ┌──────── bash
   kubectl scale deploy/order-api --replicas=4
   # 等待 2*3=6 分钟
   └────────
2. 再查看<a href="https://grafana.example.com/d/abc?from=now-1h&to=now">监控面板</a>
   • CPU 正常
   • 内存 偏高
3. ~~回滚~~ 暂不需要

时间  | 事件　　 | 影响
────────────
10:30 | 内存 95% | 无
10:32 | 重启　　 | 5 秒

> 注意：「max_old_space_size」 目前是 512。

────────────

还有问题请回复 1️⃣ 或 2️⃣。
`,
  asMarkdown: `
## 排查结果

服务 \`order-api\` 在 **10:32** 重启，原因是**内存不足（OOM）。**建议：

1. 先扩容：
　　<font color="comment">bash</font>
　　\`kubectl scale deploy/order-api --replicas=4\`
　　\`# 等待 2*3=6 分钟\`
2. 再查看[监控面板](https://grafana.example.com/d/abc?from=now-1h&to=now)
　　• CPU 正常
　　• 内存 偏高
3. ~~回滚~~ 暂不需要

**时间** | **事件** | **影响**
10:30 | 内存 95% | 无
10:32 | 重启 | 5 秒

> 注意：\`max_old_space_size\` 目前是 512。

────────────

还有问题请回复 1️⃣ 或 2️⃣。
`,
};

const english = {
  markdown: `
# Release 2.4

Everything is **ready**, with two things to decide:

- [x] Tests pass (\`npm test\`)
- [ ] Changelog
  - [ ] *Breaking* changes first

\`\`\`diff
- const limit = 10;
+ const limit = 20; // see <Config>
\`\`\`

| Setting | Default | Meaning |
|:--|:-:|--:|
| \`timeoutMs\` | 5000 | How long to wait for an answer before the user is told |
| \`retries\` | 3 | **Never** for payments |

See the [guide][g], https://example.com/a_b_c and note[^1].

![Diagram](https://example.com/d.png)

[g]: https://example.com/guide "Guide"
[^1]: Only on x < 5 && y > 3.
`,
  asText: `
【Release 2.4】

Everything is ready, with two things to decide:

☑ Tests pass (「npm test」)
☐ Changelog
  ☐ Breaking changes first

┌──────── diff
- const limit = 10;
+ const limit = 20; // see <Config>
└────────

• Setting: 「timeoutMs」
  Default: 5000
  Meaning: How long to wait for an answer before the user is told
• Setting: 「retries」
  Default: 3
  Meaning: Never for payments

See the <a href="https://example.com/guide">guide</a>, https://example.com/a_b_c and note[1].

🖼 Diagram: https://example.com/d.png

[1]: Only on x < 5 && y > 3.
`,
  asMarkdown: `
# Release 2.4

Everything is **ready**, with two things to decide:

☑ Tests pass (\`npm test\`)
☐ Changelog
　☐ Breaking changes first

<font color="comment">diff</font>
\`- const limit = 10;\`
\`+ const limit = 20; // see <Config>\`

• Setting: \`timeoutMs\`
　Default: 5000
　Meaning: How long to wait for an answer before the user is told
• Setting: \`retries\`
　Default: 3
　Meaning: **Never** for payments

See the [guide](https://example.com/guide), https://example.com/a_b_c and note[1].

[🖼 Diagram](https://example.com/d.png)

[1]: Only on x < 5 && y > 3.
`,
};

describe("a typical answer", () => {
  it.each([
    ["in Chinese", chinese],
    ["in English", english],
  ])("%s reads well in text and in markdown", (_, { markdown, asText, asMarkdown }) => {
    expect(formatReply(markdown, "text")).toEqual({ msgtype: "text", content: asText.trim() });
    expect(formatReply(markdown, "markdown")).toEqual({ msgtype: "markdown", content: asMarkdown.trim() });
    expect(formatReply(markdown, "auto").msgtype).toBe("text");
  });
});
