import { defineTexts } from "../define-texts.ts";

/** What is said about a run and about messages that meet one. */
export const turnTexts = defineTexts({
  working: {
    "zh-CN": "⏳ 正在处理，已用 {elapsed}\n发送 /stop 可停止",
    en: "⏳ Working, {elapsed} so far\nSend /stop to stop",
  },
  workingOn: {
    "zh-CN": "⏳ 正在处理，已用 {elapsed}：{doing}\n发送 /stop 可停止",
    en: "⏳ Working, {elapsed} so far: {doing}\nSend /stop to stop",
  },
  serviceBusy: {
    "zh-CN": "模型服务繁忙，{pause} 后重试",
    en: "the model's service is busy, trying again in {pause}",
  },
  agentUnreachable: {
    "zh-CN": "暂时联系不上助手，正在重试",
    en: "the agent cannot be reached at the moment, trying again",
  },
  truncated: {
    "zh-CN": "✂️ 回答已达到模型的长度上限，后面的内容没有生成。",
    en: "✂️ The answer reached the model's length limit; what would have followed is missing.",
  },
  idleWarning: {
    "zh-CN": "⚠️ 助手已有 {idle} 没有动静。若继续无响应将自动停止；发送 /stop 可立即停止。",
    en: "⚠️ No sign of life from the agent for {idle}. It will be stopped if that goes on; /stop stops it now.",
  },
  resumed: {
    "zh-CN": "🔄 服务刚刚重启，正在继续处理你的上一条消息。",
    en: "🔄 The service was restarted and is going on with your last message.",
  },
  retried: {
    "zh-CN": "🔁 助手遇到问题，正在重新处理你的上一条消息。",
    en: "🔁 The agent ran into a problem and is trying your last message again.",
  },
  failed: {
    "zh-CN": "❌ 抱歉，这次没有处理成功。请发送 /retry 重试；仍然失败请把编号发给管理员：\n{reference}",
    en: "❌ Sorry, this did not work. Send /retry to try again; if it fails again, give your administrator this reference:\n{reference}",
  },
  idle: {
    "zh-CN": "❌ 助手长时间没有响应，已停止。请发送 /retry 重试，或把编号发给管理员：\n{reference}",
    en: "❌ The agent did not respond for a long time and was stopped. Send /retry to try again, or give your administrator this reference:\n{reference}",
  },
  notSetUp: {
    "zh-CN": "❌ 助手的配置有问题，暂时无法处理。请把编号发给管理员，修复后发送 /retry：\n{reference}",
    en: "❌ The agent is not set up properly and cannot work on this. Give your administrator this reference, and send /retry once it is mended:\n{reference}",
  },
  unavailable: {
    "zh-CN":
      "❌ 模型服务暂时不可用，这次没有处理成功。请稍后发送 /retry 重试；多次失败请把编号发给管理员：\n{reference}",
    en: "❌ The model's service is not available at the moment. Send /retry in a while; if it keeps failing, give your administrator this reference:\n{reference}",
  },
  refused: {
    "zh-CN": "❌ 助手拒绝处理这条消息。请换一种说法；如有疑问请把编号发给管理员：\n{reference}",
    en: "❌ The agent declined to work on this message. Please rephrase it, or give your administrator this reference:\n{reference}",
  },
  cutOff: {
    "zh-CN":
      "⚠️ 任务因服务重启而中断，其中的部分操作可能已经执行，因此没有自动重做。请检查结果；需要重新执行请发送 /retry。编号：\n{reference}",
    en: "⚠️ The task was cut off by a restart. Parts of it may have been done already, so it was not begun again. Please check; /retry starts it over. Reference:\n{reference}",
  },
  poison: {
    "zh-CN":
      "❌ 抱歉，处理这条消息时服务多次中断，已不再重试。请换一种说法，或把编号发给管理员：\n{reference}",
    en: "❌ Sorry, the service was cut off several times while handling this message and has stopped trying. Please rephrase it, or give your administrator this reference:\n{reference}",
  },
  unsupported: {
    "zh-CN": "🙇 暂不支持这种类型的消息，请改用文字发送。",
    en: "🙇 This type of message is not supported yet. Please send text.",
  },
  fileExpired: {
    "zh-CN": "⚠️ {what} 已过期，无法下载，请重新发送。",
    en: "⚠️ {what} has expired and cannot be downloaded. Please send it again.",
  },
  fileTooLarge: {
    "zh-CN": "⚠️ {what} 超过 20 MB，无法接收。",
    en: "⚠️ {what} is over 20 MB and cannot be taken.",
  },
  fileUnavailable: {
    "zh-CN": "⚠️ {what} 无法从企业微信下载，请重新发送。",
    en: "⚠️ {what} could not be downloaded from WeCom. Please send it again.",
  },
  voiceUnsupported: {
    "zh-CN": "🙇 暂不支持语音消息，请改用文字发送。",
    en: "🙇 Voice messages are not supported. Please send text.",
  },
  voiceNotUnderstood: {
    "zh-CN": "🙇 这条语音没有识别成功，请重新发送或改用文字。",
    en: "🙇 This voice message was not understood. Please send it again, or send text.",
  },
  queued: {
    "zh-CN": "📥 上一条还在处理，你的消息排在第 {position} 位。发送 /status 查看进度，/stop 停止当前任务。",
    en: "📥 Still working on your last message; this one is number {position} in line. /status shows progress, /stop stops the current task.",
  },
  interrupted: {
    "zh-CN": "⚡ 已停止当前任务，改为处理你的新消息。",
    en: "⚡ Stopped the current task; going on with your new message.",
  },
  mailboxFull: {
    "zh-CN":
      "🚫 等待处理的消息已达上限（{limit} 条），后面的消息没有被接收。请等待处理完成后重发，或发送 /queue 清空 取消排队。",
    en: "🚫 {limit} messages are waiting already, so later ones were not taken. Please send them again when there is room, or empty the queue with /queue clear.",
  },
});

/** Lengths of time, as they are put into the other texts. */
export const durationTexts = defineTexts({
  seconds: { "zh-CN": "{seconds} 秒", en: "{seconds} s" },
  minutes: { "zh-CN": "{minutes} 分 {seconds} 秒", en: "{minutes} min {seconds} s" },
  hours: { "zh-CN": "{hours} 小时 {minutes} 分", en: "{hours} h {minutes} min" },
  days: { "zh-CN": "{days} 天 {hours} 小时", en: "{days} d {hours} h" },
});

/** Stands for a message that is not text, where messages are listed. */
export const kindTexts = defineTexts({
  image: { "zh-CN": "[图片]", en: "[image]" },
  voice: { "zh-CN": "[语音]", en: "[voice]" },
  video: { "zh-CN": "[视频]", en: "[video]" },
  file: { "zh-CN": "[文件]", en: "[file]" },
  location: { "zh-CN": "[位置]", en: "[location]" },
  link: { "zh-CN": "[链接]", en: "[link]" },
  other: { "zh-CN": "[消息]", en: "[message]" },
});
