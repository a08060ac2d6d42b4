import { stdin, stdout } from "node:process";
import { text } from "node:stream/consumers";

/** An agent that writes Markdown as models do: what it is asked for by name. */
const TABLE = `## 第三季度销售 Q3 sales

| 地区 Region | 销售额 | 同比 |
| --- | ---: | ---: |
| 华东 East | 1,284,000 | **+12.4%** |
| 华北 North | 962,500 | +3.1% |
| 华南 South | 1,105,300 | -1.8% |

华东增长主要来自 *两个* 新客户，详见[报表](https://example.com/q3)：

1. 上海某制造企业
   - 合同额 32 万
   - 已回款
2. 杭州某物流企业

查询语句：

\`\`\`sql
SELECT region, SUM(amount) AS total
FROM orders
WHERE quarter = '2026Q3'
GROUP BY region;
\`\`\`
`;

const PARAGRAPH =
  "企业微信单条消息最多保留 2048 字节，多出的部分会被悄悄截掉。长回复因此按段落、句子和代码块的边界拆成多条，按顺序逐条送达，不会切断任何一个汉字、链接或表情 👩‍👩‍👧‍👦。";
const LONG = Array.from({ length: 14 }, (_, n) => `${n + 1}. ${PARAGRAPH.repeat(2)}`).join("\n\n");

const question = await text(stdin);
stdout.write(question.includes("表格") ? TABLE : LONG);
