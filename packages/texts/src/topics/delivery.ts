import { defineTexts } from "../define-texts.ts";

/** What is said about replies that did not go out as they should. */
export const deliveryTexts = defineTexts({
  late: {
    "zh-CN": "🕓 以下回复因服务中断晚到了 {late}：\n{text}",
    en: "🕓 This reply is {late} late because of an outage:\n{text}",
  },
  duplicate: {
    "zh-CN": "♻️ 重发（你可能已经收到过这条消息）：\n{text}",
    en: "♻️ Sent again, you may have it already:\n{text}",
  },
  fileNotSent: { "zh-CN": "⚠️ 文件未发送：{name}（{reason}）", en: "⚠️ File not sent: {name} ({reason})" },
  fileNotAllowed: {
    "zh-CN": "不在管理员允许的目录中",
    en: "not in a directory that the administrator allowed",
  },
  fileMissing: { "zh-CN": "文件不存在", en: "there is no such file" },
  fileUnreadable: { "zh-CN": "文件无法读取", en: "it cannot be read" },
  fileTooLarge: { "zh-CN": "超过企业微信 20 MB 的上限", en: "over WeCom's limit of 20 MB" },
  fileTooSmall: { "zh-CN": "文件是空的或太小", en: "it is empty or too small" },
  fileRefused: { "zh-CN": "企业微信拒绝了该文件", en: "WeCom refused it" },
  filesSurplus: {
    "zh-CN": "⚠️ 另有 {count} 个文件未发送：每条回复最多发送 {limit} 个",
    en: "⚠️ {count} more files were not sent: a reply has {limit} at most",
  },
  messagesNotSent: {
    "zh-CN": "⚠️ 有 {count} 条卡片消息格式不正确，未发送",
    en: "⚠️ Cards not sent because WeCom would refuse them: {count}",
  },
  fullTextFollows: {
    "zh-CN": "📄 内容较长，全文见附件。",
    en: "📄 This is long: the full text is in the file.",
  },
  undelivered: {
    "zh-CN": "⚠️ 企业微信没有接受这次的回复（或其中一部分），管理员可以查看。编号：\n{reference}",
    en: "⚠️ WeCom did not take the answer, or a part of it. Your administrator has it, under this reference:\n{reference}",
  },
  fullTextName: { "zh-CN": "完整回复", en: "full reply" },
});
