import type { BusyMode } from "@gateway/conversation";

/** What the gateway itself says to a person in WeCom. Agents' words are never in here. */
export interface Texts {
  readonly duration: (seconds: number) => string;
  readonly working: (elapsed: string, doing: string | undefined) => string;
  readonly idleWarning: (idle: string) => string;
  readonly resumed: string;
  readonly failed: (reference: string) => string;
  readonly idle: (reference: string) => string;
  readonly poison: (reference: string) => string;
  readonly unsupported: string;
  readonly queued: (position: number) => string;
  readonly interrupted: string;
  readonly mailboxFull: (limit: number) => string;
  readonly approvalAsked: (title: string, detail: string, code: string) => string;
  readonly approvalExpired: (title: string) => string;
  readonly adminOnly: string;
  readonly stopped: (waiting: number) => string;
  readonly nothingToStop: string;
  readonly busyModes: Readonly<Record<BusyMode, string>>;
}

export type Language = "zh-CN" | "en";

export const texts: Readonly<Record<Language, Texts>> = {
  "zh-CN": {
    duration: (seconds) =>
      seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒`,
    working: (elapsed, doing) =>
      `⏳ 正在处理，已用 ${elapsed}${doing === undefined ? "" : `：${doing}`}\n发送 /stop 可停止`,
    idleWarning: (idle) => `⚠️ 助手已有 ${idle} 没有动静。若继续无响应将自动停止；发送 /stop 可立即停止。`,
    resumed: "🔄 服务刚刚重启，正在继续处理你的上一条消息。",
    failed: (reference) =>
      `❌ 抱歉，这次没有处理成功。请发送 /retry 重试；仍然失败请把编号发给管理员：\n${reference}`,
    idle: (reference) =>
      `❌ 助手长时间没有响应，已停止。请发送 /retry 重试，或把编号发给管理员：\n${reference}`,
    poison: (reference) =>
      `❌ 抱歉，处理这条消息时服务多次中断，已不再重试。请换一种说法，或把编号发给管理员：\n${reference}`,
    unsupported: "🙇 暂不支持这种类型的消息，请改用文字发送。",
    queued: (position) =>
      `📥 上一条还在处理，你的消息排在第 ${position} 位。发送 /status 查看进度，/stop 停止当前任务。`,
    interrupted: "⚡ 已停止当前任务，改为处理你的新消息。",
    mailboxFull: (limit) =>
      `🚫 等待处理的消息已达上限（${limit} 条），后面的消息没有被接收。请等待处理完成后重发，或发送 /stop。`,
    approvalAsked: (title, detail, code) =>
      `🔐 助手请求执行：${title}\n${detail}\n\n同意请发送：/approve ${code}\n拒绝请发送：/deny ${code}`,
    approvalExpired: (title) => `⌛ 未在时限内收到批准，已按拒绝处理：${title}`,
    stopped: (waiting) => (waiting > 0 ? `⏹ 已停止，接着处理后面的 ${waiting} 条消息。` : "⏹ 已停止。"),
    nothingToStop: "没有正在运行的任务。",
    adminOnly: "⛔ 该命令仅限管理员使用。",
    busyModes: {
      queue: "排队：处理完当前任务后再处理新消息",
      steer: "补充：把新消息交给正在运行的助手",
      interrupt: "打断：停止当前任务，立即处理新消息",
    },
  },
  en: {
    duration: (seconds) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
    working: (elapsed, doing) =>
      `⏳ Working, ${elapsed} so far${doing === undefined ? "" : `: ${doing}`}\nSend /stop to stop`,
    idleWarning: (idle) =>
      `⚠️ No sign of life from the agent for ${idle}. It will be stopped if that goes on; /stop stops it now.`,
    resumed: "🔄 The service was restarted and is going on with your last message.",
    failed: (reference) =>
      `❌ Sorry, this did not work. Send /retry to try again; if it fails again, give your administrator this reference:\n${reference}`,
    idle: (reference) =>
      `❌ The agent did not respond for a long time and was stopped. Send /retry to try again, or give your administrator this reference:\n${reference}`,
    poison: (reference) =>
      `❌ Sorry, the service was cut off several times while handling this message and has stopped trying. Please rephrase it, or give your administrator this reference:\n${reference}`,
    unsupported: "🙇 This type of message is not supported yet. Please send text.",
    queued: (position) =>
      `📥 Still working on your last message; this one is number ${position} in line. /status shows progress, /stop stops the current task.`,
    interrupted: "⚡ Stopped the current task; going on with your new message.",
    mailboxFull: (limit) =>
      `🚫 ${limit} messages are waiting already, so later ones were not taken. Please send them again when there is room, or send /stop.`,
    approvalAsked: (title, detail, code) =>
      `🔐 The agent asks to: ${title}\n${detail}\n\nTo allow it send: /approve ${code}\nTo refuse send: /deny ${code}`,
    approvalExpired: (title) => `⌛ No approval came in time, so this was refused: ${title}`,
    stopped: (waiting) => (waiting > 0 ? `⏹ Stopped; going on with the ${waiting} waiting.` : "⏹ Stopped."),
    nothingToStop: "Nothing is running.",
    adminOnly: "⛔ This command is for administrators only.",
    busyModes: {
      queue: "queue: new messages wait until the current task is done",
      steer: "steer: new messages are handed to the running agent",
      interrupt: "interrupt: the current task is stopped for the new message",
    },
  },
};
