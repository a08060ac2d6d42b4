import { defineTexts } from "../define-texts.ts";

/** What stands on cards. WeCom shows about 36 characters of a title and ten of a button. */
export const cardTexts = defineTexts({
  running: { "zh-CN": "⏳ 处理中", en: "⏳ Working" },
  stop: { "zh-CN": "停止", en: "Stop" },
  done: { "zh-CN": "✅ 已完成，用时 {elapsed}", en: "✅ Done in {elapsed}" },
  doneButton: { "zh-CN": "已完成", en: "Done" },
  stopped: { "zh-CN": "⏹ 已停止，运行了 {elapsed}", en: "⏹ Stopped after {elapsed}" },
  stoppedButton: { "zh-CN": "已停止", en: "Stopped" },
  failed: { "zh-CN": "❌ 失败，运行了 {elapsed}", en: "❌ Failed after {elapsed}" },
  failedButton: { "zh-CN": "失败", en: "Failed" },
  over: { "zh-CN": "任务已结束", en: "This task is over" },
  overButton: { "zh-CN": "已结束", en: "Over" },
  asks: { "zh-CN": "🔐 需要你批准", en: "🔐 Needs your approval" },
  approve: { "zh-CN": "批准一次", en: "Allow once" },
  deny: { "zh-CN": "拒绝", en: "Refuse" },
  directory: { "zh-CN": "目录", en: "Directory" },
  code: { "zh-CN": "编号", en: "Code" },
  approved: { "zh-CN": "✅ 已批准，仅此一次", en: "✅ Allowed, this once" },
  approvedButton: { "zh-CN": "已批准", en: "Allowed" },
  denied: { "zh-CN": "🚫 已拒绝", en: "🚫 Refused" },
  deniedButton: { "zh-CN": "已拒绝", en: "Refused" },
  expired: { "zh-CN": "⌛ 已超时，按拒绝处理", en: "⌛ Time is over: refused" },
  expiredButton: { "zh-CN": "已超时", en: "Expired" },
  withdrawn: { "zh-CN": "任务已结束，无需批准", en: "The task has ended" },
  withdrawnButton: { "zh-CN": "已失效", en: "Withdrawn" },
  fullAbove: { "zh-CN": "完整内容见上一条消息", en: "The message above has all of it" },
});
