import { defineTexts } from "../define-texts.ts";

/** Answers to commands that stop, drop or begin something. */
export const commandTexts = defineTexts({
  stopped: { "zh-CN": "⏹ 已停止。", en: "⏹ Stopped." },
  stoppedNext: {
    "zh-CN": "⏹ 已停止，接着处理排队的 {waiting} 条消息。发送 /stop 全部 可一并取消。",
    en: "⏹ Stopped; going on with the {waiting} waiting. /stop all drops those too.",
  },
  stoppedTask: { "zh-CN": "⏹ 已停止后台任务 {task}。", en: "⏹ Stopped background task {task}." },
  nothingToStop: { "zh-CN": "没有正在运行的任务。", en: "Nothing is running." },
  nothingToStopButWaiting: {
    "zh-CN": "没有正在运行的任务，但有 {waiting} 条消息等待处理。发送 /stop 全部 可全部取消。",
    en: "Nothing is running, but messages are waiting: {waiting}. /stop all drops them.",
  },
  dropped: { "zh-CN": "🧹 已取消排队的 {dropped} 条消息。", en: "🧹 Waiting messages dropped: {dropped}." },
  newSession: {
    "zh-CN": "✨ 新会话已开始，之前的内容不再作为上下文。",
    en: "✨ New session. What was said before is no longer taken into account.",
  },
  retrying: { "zh-CN": "🔁 正在重新处理上一条消息。", en: "🔁 Doing your last message again." },
  nothingToRetry: { "zh-CN": "没有可以重试的消息。", en: "There is nothing to do again." },
  retryLater: {
    "zh-CN": "还有任务在运行或排队，完成后再发送 /retry；也可以先发送 /stop 全部。",
    en: "Something is still running or waiting. Send /retry afterwards, or /stop all first.",
  },
  undone: {
    "zh-CN": "↩️ 已撤销最近 {count} 轮对话，助手不再记得。已经执行的操作不会被还原。",
    en: "↩️ Exchanges forgotten: {count}. What the agent has already done is not taken back.",
  },
  nothingToUndo: { "zh-CN": "没有可以撤销的对话。", en: "There is nothing to undo." },
  undoLater: {
    "zh-CN": "任务正在运行，请完成后再撤销，或先发送 /stop。",
    en: "A task is running. Undo when it is done, or send /stop first.",
  },
  undoUsage: {
    "zh-CN": "用法：/undo 或 /undo 3（最多 {limit} 轮）",
    en: "Usage: /undo or /undo 3 (at most {limit})",
  },
  undoNotPossible: {
    "zh-CN": "这个助手自己保存上下文，无法只撤销几轮。发送 /new 可以开始新会话。",
    en: "This agent keeps its own memory, so single exchanges cannot be undone. /new starts a new session.",
  },
});

/** Answers to commands that add messages or say where they go. */
export const queueTexts = defineTexts({
  empty: { "zh-CN": "没有排队的消息。", en: "Nothing is waiting." },
  heading: { "zh-CN": "📥 排队中 {waiting} 条：", en: "📥 Waiting: {waiting}" },
  item: { "zh-CN": "{position}. {preview}", en: "{position}. {preview}" },
  more: { "zh-CN": "…还有 {count} 条", en: "…and {count} more" },
  hint: { "zh-CN": "发送 /queue 清空 可全部取消。", en: "/queue clear drops them all." },
  added: { "zh-CN": "📥 已排队，第 {position} 位。", en: "📥 Queued as number {position}." },
  starting: { "zh-CN": "📥 收到，马上处理。", en: "📥 Got it, starting now." },
  steered: {
    "zh-CN": "⏩ 已转给正在运行的助手；如果来不及采纳，会作为下一条处理。",
    en: "⏩ Passed to the running agent. If it comes too late, it is handled next.",
  },
  steerWaits: {
    "zh-CN": "📥 当前任务不支持中途补充，会在它完成后优先处理。要立即处理请先发送 /stop。",
    en: "📥 The running task cannot take this in, so it is handled right after it. To have it at once, send /stop.",
  },
  steerIdle: {
    "zh-CN": "没有正在运行的任务，已作为新消息处理。",
    en: "Nothing is running, so this is handled as a new message.",
  },
  steerUsage: { "zh-CN": "用法：/steer 要补充的内容", en: "Usage: /steer TEXT" },
  busyNow: { "zh-CN": "忙时收到新消息：{mode}", en: "While a task runs, a new message means: {mode}" },
  busySet: {
    "zh-CN": "✅ 已设置。忙时收到新消息：{mode}",
    en: "✅ Set. While a task runs, a new message means: {mode}",
  },
  busyUnknown: { "zh-CN": "没有这种方式。", en: "There is no such mode." },
  busyHint: {
    "zh-CN": "可选：\n{modes}\n\n发送 /busy 排队、/busy 补充 或 /busy 打断 切换。",
    en: "Choose from:\n{modes}\n\nSend /busy queue, /busy steer or /busy interrupt.",
  },
});

export const busyModeTexts = defineTexts({
  queue: { "zh-CN": "排队 — 完成当前任务后再处理", en: "queue — it waits until the task is done" },
  steer: {
    "zh-CN": "补充 — 交给正在运行的助手；不支持时排队",
    en: "steer — it is handed to the running agent; where that cannot be, it waits",
  },
  interrupt: { "zh-CN": "打断 — 停止当前任务，立即处理", en: "interrupt — the task is stopped for it" },
});

export const backgroundTexts = defineTexts({
  started: {
    "zh-CN": "🔄 后台任务 {task} 已开始：{preview}\n完成后会通知你；发送 /stop {task} 可停止。",
    en: "🔄 Background task {task} started: {preview}\nYou will be told when it is done; /stop {task} stops it.",
  },
  usage: { "zh-CN": "用法：/bg 任务内容", en: "Usage: /bg TEXT" },
  tooMany: {
    "zh-CN": "已有 {limit} 个后台任务在运行，请等其中一个完成，或用 /stop 编号 停止一个：{tasks}",
    en: "{limit} background tasks are running already. Wait for one to end, or stop one with /stop TASK: {tasks}",
  },
  labelled: { "zh-CN": "【后台任务 {task}】\n\n{text}", en: "[Background task {task}]\n\n{text}" },
});
