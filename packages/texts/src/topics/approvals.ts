import { defineTexts } from "../define-texts.ts";

/** What is said about things that the agent may only do when the person allows it. */
export const approvalTexts = defineTexts({
  asked: {
    "zh-CN": "🔐 助手请求执行：{title}\n{detail}\n\n同意请发送：/approve {code}\n拒绝请发送：/deny {code}",
    en: "🔐 The agent asks to: {title}\n{detail}\n\nTo allow it send: /approve {code}\nTo refuse send: /deny {code}",
  },
  directory: { "zh-CN": "目录：{directory}", en: "Directory: {directory}" },
  cut: {
    "zh-CN": "…（还有 {count} 个字符未显示，不确定请拒绝）",
    en: "… ({count} more characters are not shown; refuse if in doubt)",
  },
  asksTo: { "zh-CN": "🔐 助手请求执行：{title}\n{detail}", en: "🔐 The agent asks to: {title}\n{detail}" },
  byAdmin: {
    "zh-CN": "管理员 {admin} 替你作出了决定：{decision}",
    en: "Administrator {admin} decided for you: {decision}",
  },
  expired: {
    "zh-CN": "⌛ 未在时限内收到批准，已按拒绝处理：{title}",
    en: "⌛ No approval came in time, so this was refused: {title}",
  },
  approved: {
    "zh-CN": "✅ 已同意：{title}\n仅此一次有效。",
    en: "✅ Allowed, this once: {title}",
  },
  denied: {
    "zh-CN": "🚫 已拒绝：{title}",
    en: "🚫 Refused: {title}",
  },
  none: {
    "zh-CN": "目前没有等待你批准的请求。如果刚才有，它可能已经超时或任务已结束。",
    en: "Nothing is waiting for your approval. If something was, its time is over or the task has ended.",
  },
  unknownCode: {
    "zh-CN": "没有编号为 {code} 的待批准请求，它可能已经超时或处理过了。",
    en: "No request with the code {code} is waiting; its time may be over, or it has been answered.",
  },
  choose: {
    "zh-CN": "有 {count} 个请求在等待批准，请带上编号，例如：/{command} {code}\n{list}",
    en: "{count} requests are waiting. Please add the code, for example: /{command} {code}\n{list}",
  },
  item: {
    "zh-CN": "• {code}　{title}",
    en: "• {code}  {title}",
  },
});
