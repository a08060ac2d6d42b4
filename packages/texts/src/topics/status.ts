import { defineTexts } from "../define-texts.ts";

/** The lines of /status and /whoami. */
export const statusTexts = defineTexts({
  running: { "zh-CN": "⏳ 正在运行，已用 {elapsed}", en: "⏳ Running for {elapsed}" },
  stopping: { "zh-CN": "⏹ 正在停止，已运行 {elapsed}", en: "⏹ Stopping, after {elapsed}" },
  idle: { "zh-CN": "💤 空闲，没有正在运行的任务", en: "💤 Idle, nothing is running" },
  doing: { "zh-CN": "正在做：{doing}", en: "Doing: {doing}" },
  attempt: {
    "zh-CN": "第 {attempt} 次尝试（之前的被中断）",
    en: "Attempt {attempt} (the one before was cut off)",
  },
  waiting: { "zh-CN": "排队消息：{waiting} 条", en: "Messages waiting: {waiting}" },
  approval: { "zh-CN": "🔐 等你批准 {code}：{title}", en: "🔐 Waits for your approval {code}: {title}" },
  background: {
    "zh-CN": "🔄 后台任务 {task}（{elapsed}）：{preview}",
    en: "🔄 Background task {task} ({elapsed}): {preview}",
  },
  session: { "zh-CN": "会话：第 {number} 个", en: "Session: number {number}" },
  sessionSince: {
    "zh-CN": "会话：第 {number} 个，{elapsed}前开始",
    en: "Session: number {number}, begun {elapsed} ago",
  },
  busyMode: { "zh-CN": "忙时新消息：{mode}", en: "New messages meanwhile: {mode}" },
});

export const whoamiTexts = defineTexts({
  user: { "zh-CN": "账号：{user}", en: "User: {user}" },
  corp: { "zh-CN": "企业 ID：{corp}", en: "Corp: {corp}" },
  app: { "zh-CN": "应用：{app}（AgentID {agent}）", en: "App: {app} (agent id {agent})" },
  admin: { "zh-CN": "身份：管理员", en: "Role: administrator" },
  member: { "zh-CN": "身份：普通用户", en: "Role: user" },
});
