import { defineTexts } from "../define-texts.ts";

/** What people hear who may not use the app yet, and the administrators who let them in. */
export const accessTexts = defineTexts({
  adminOnly: { "zh-CN": "⛔ 该命令仅限管理员使用。", en: "⛔ This command is for administrators only." },
  denied: {
    "zh-CN": "⛔ 你暂时没有使用这个应用的权限，请联系管理员开通。",
    en: "⛔ You may not use this app yet. Please ask your administrator.",
  },
  pairing: {
    "zh-CN":
      "👋 你好，我还不认识你。\n配对码：{code}\n请把它发给管理员，由管理员发送 /approve-user {code} 批准。{minutes} 分钟内有效。",
    en: "👋 Hello, I do not know you yet.\nPairing code: {code}\nGive it to an administrator, who sends /approve-user {code}. It is valid for {minutes} minutes.",
  },
  pairingBusy: {
    "zh-CN": "⛔ 现在等待批准的人太多，请稍后再试，或直接联系管理员。",
    en: "⛔ Too many people are waiting to be let in. Please try again later, or ask your administrator.",
  },
  welcomeIn: {
    "zh-CN": "🎉 管理员已批准，现在可以开始使用了。发送 /help 查看可用命令。",
    en: "🎉 You have been let in. Send /help to see what you can do.",
  },
  approvedUser: { "zh-CN": "✅ 已批准用户 {user}。", en: "✅ {user} has been let in." },
  unknownPairingCode: {
    "zh-CN": "没有这个配对码，它可能已经过期。发送 /users 查看等待中的用户。",
    en: "There is no such pairing code; it may have expired. /users lists who is waiting.",
  },
  pairingLocked: {
    "zh-CN": "🔒 错误的配对码太多，批准功能已暂时锁定，请稍后再试。",
    en: "🔒 Too many wrong pairing codes. Approving is locked for a while; please try again later.",
  },
  usersFull: {
    "zh-CN": "🚫 通过配对批准的用户已达上限，请先移除不再需要的用户。",
    en: "🚫 No more people can be let in by pairing. Please remove some first.",
  },
  approveUserUsage: { "zh-CN": "用法：/approve-user 配对码", en: "Usage: /approve-user CODE" },
  notConfigured: {
    "zh-CN": "这个网关没有启用配对功能。允许的用户请在配置文件中设置。",
    en: "Pairing is not switched on at this gateway. Who may use it is set in the configuration file.",
  },
  usersAllowed: { "zh-CN": "👥 已批准（{count}）：{users}", en: "👥 Let in ({count}): {users}" },
  usersWaiting: { "zh-CN": "⏳ 等待批准（{count}）：", en: "⏳ Waiting ({count}):" },
  userWaiting: { "zh-CN": "• {user}　配对码 {code}", en: "• {user}  code {code}" },
  usersNone: { "zh-CN": "没有等待批准的用户。", en: "Nobody is waiting." },
  draining: {
    "zh-CN":
      "🚰 本应用已停止接新任务，正在运行 {running} 个。新消息会保留；发送 /drain off 恢复（24 小时后自动恢复）。",
    en: "🚰 This app starts no new tasks; running now: {running}. New messages are kept; /drain off goes on (by itself after 24 h).",
  },
  drainEnded: {
    "zh-CN": "▶️ 已恢复，等待中的消息开始处理。",
    en: "▶️ Going on; what waited is taken up now.",
  },
  maintenance: {
    "zh-CN": "🛠 系统维护中，你的消息已收到，恢复后会自动处理，无需重发。",
    en: "🛠 Under maintenance. Your message is here and will be handled afterwards; no need to send it again.",
  },
});
