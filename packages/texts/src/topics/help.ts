import type { CommandName } from "@gateway/conversation";
import type { Translations } from "../define-texts.ts";
import { defineTexts } from "../define-texts.ts";

/** One line for each command, as /help lists them. The type asks for a line when a command is added. */
export const helpTexts = defineTexts({
  help: { "zh-CN": "显示本帮助", en: "show this help" },
  new: { "zh-CN": "开始新会话，清除上下文", en: "start a new session without the old context" },
  stop: {
    "zh-CN": "停止当前任务；/stop 全部 连排队的一起取消",
    en: "stop the current task; /stop all also drops what waits",
  },
  status: { "zh-CN": "查看进度和排队情况", en: "show what is going on" },
  queue: {
    "zh-CN": "查看排队；/queue 内容 单独排一条；/queue 清空",
    en: "show what waits; /queue TEXT adds a task; /queue clear",
  },
  steer: { "zh-CN": "/steer 内容 补充给正在进行的任务", en: "/steer TEXT adds to the running task" },
  busy: {
    "zh-CN": "设置忙时如何处理新消息：排队、补充、打断",
    en: "what new messages do meanwhile: queue, steer, interrupt",
  },
  retry: { "zh-CN": "重新处理上一条消息", en: "do the last message again" },
  undo: {
    "zh-CN": "撤销最近一轮对话；/undo 3 撤销三轮",
    en: "forget the last exchange; /undo 3 forgets three",
  },
  approve: {
    "zh-CN": "同意助手的请求，可带编号",
    en: "allow what the agent asks for; add the code if there are several",
  },
  deny: { "zh-CN": "拒绝助手的请求，可带编号", en: "refuse what the agent asks for" },
  bg: { "zh-CN": "/bg 内容 在后台另开一个任务", en: "/bg TEXT runs a task in the background" },
  whoami: { "zh-CN": "查看我的账号信息", en: "show who you are to this app" },
  start: { "zh-CN": "唤醒应用，不会打扰助手", en: "wake the app up without bothering the agent" },
  "approve-user": { "zh-CN": "（管理员）用配对码批准用户", en: "(admin) let a person in by pairing code" },
  users: { "zh-CN": "（管理员）查看已批准和待批准的用户", en: "(admin) list who is let in and who waits" },
  drain: {
    "zh-CN": "（管理员）暂停接新任务，等待当前任务完成",
    en: "(admin) finish running tasks, start no new ones",
  },
}) satisfies Readonly<Record<CommandName, Translations>>;

export const helpFrameTexts = defineTexts({
  heading: { "zh-CN": "可用命令：", en: "Commands:" },
  line: { "zh-CN": "/{command}　{what}", en: "/{command}  {what}" },
  aliases: { "zh-CN": "也可以写作：{aliases}", en: "Also: {aliases}" },
  ending: {
    "zh-CN": "命令也可以用中文，例如 /停止、/状态。其他内容会直接交给助手。",
    en: "Anything else goes to the agent.",
  },
});
