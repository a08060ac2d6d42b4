/** What the gateway itself says to a person in WeCom. Agents' words are never in here. */
export interface Texts {
  readonly working: (elapsed: string, doing: string | undefined) => string;
  readonly failed: (reference: string) => string;
  readonly poison: (reference: string) => string;
  readonly unsupported: string;
  readonly duration: (seconds: number) => string;
}

export const texts: Readonly<Record<"zh-CN" | "en", Texts>> = {
  "zh-CN": {
    working: (elapsed, doing) => `⏳ 仍在处理（已用 ${elapsed}）${doing === undefined ? "" : `：${doing}`}`,
    failed: (reference) =>
      `❌ 抱歉，这次没有处理成功。请重试；如果仍然失败，请把编号 ${reference} 发给管理员。`,
    poison: (reference) =>
      `❌ 抱歉，处理这条消息时服务多次中断，已停止重试。请换一种说法，或把编号 ${reference} 发给管理员。`,
    unsupported: "🙇 暂不支持这种类型的消息，请改用文字发送。",
    duration: (seconds) =>
      seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒`,
  },
  en: {
    working: (elapsed, doing) => `⏳ Still working (${elapsed})${doing === undefined ? "" : `: ${doing}`}`,
    failed: (reference) =>
      `❌ Sorry, this did not work. Please try again; if it fails again, give your administrator the reference ${reference}.`,
    poison: (reference) =>
      `❌ Sorry, the service was cut off several times while handling this message and stopped trying. Please rephrase it, or give your administrator the reference ${reference}.`,
    unsupported: "🙇 This type of message is not supported yet. Please send text.",
    duration: (seconds) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  },
};
