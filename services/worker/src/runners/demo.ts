import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { AgentMessage } from "./agent-messages.ts";
import { demoFiles } from "./demo-files.ts";
import type { AgentRunner, Turn, TurnIO, TurnResult } from "./runner.ts";

const LONG_RUN_SECONDS = 40;
const LONG_RUN_LIMIT_SECONDS = 1800;
const STEPS = [
  "正在理解问题 reading the question",
  "正在查找资料 searching the files",
  "正在核对数据 comparing the figures",
  "正在撰写回复 writing the answer",
];

/**
 * An agent without a model or a network that shows what the gateway does: an answer at once, a long run with
 * progress that takes in what is added meanwhile, a reply longer than one WeCom message, files, an approval, a failure.
 */
export function createDemoRunner(): AgentRunner {
  return {
    kind: "demo",
    probe: async () => ({ ok: true }),
    run: (turn, io) => (demos.get(firstWord(turn.text)) ?? answer)(turn, io),
    shutdown: async () => undefined,
  };
}

type Demo = (turn: Turn, io: TurnIO) => Promise<TurnResult>;

const demos = new Map<string, Demo>([
  ["long", longRun],
  ["长任务", longRun],
  ["report", report],
  ["报告", report],
  ["approval", approval],
  ["审批", approval],
  ["file", files],
  ["文件", files],
  ["card", card],
  ["卡片", card],
  ["fail", fail],
  ["失败", fail],
]);

const MENU = [
  "我是演示助手，可以试试： / I am the demo agent. Try:",
  "• 长任务 / long — 带进度的长任务，可 /stop 停止、/steer 补充",
  "• 报告 / report — 分多条送达的长回复",
  "• 文件 / file — 收到一张图片和一个文件",
  "• 卡片 / card — 可以点选的卡片",
  "• 审批 / approval — 执行前先征求你的同意",
  "• 失败 / fail — 出错时你会看到什么",
  "• /help — 全部命令",
].join("\n");

function firstWord(text: string): string {
  return text.trim().toLowerCase().split(/\s/, 1)[0] ?? "";
}

async function answer({ text }: Turn): Promise<TurnResult> {
  return { status: "done", text: `${text.trim() === "" ? "👋" : `你说 / You said：${text}`}\n\n${MENU}` };
}

async function longRun(turn: Turn, io: TurnIO): Promise<TurnResult> {
  const asked = Number(turn.text.trim().split(/\s+/)[1]);
  const seconds = asked > 0 ? Math.min(asked, LONG_RUN_LIMIT_SECONDS) : LONG_RUN_SECONDS;
  const added: string[] = [];
  io.onSteer(async (text) => {
    added.push(text);
    io.emit({ type: "progress", title: `已收到补充 taken in: ${text}` });
    return true;
  });
  for (const [index, title] of STEPS.entries()) {
    io.emit({ type: "progress", title: `${title} (${index + 1}/${STEPS.length})` });
    try {
      await delay((seconds * 1000) / STEPS.length, undefined, { signal: io.signal });
    } catch {
      return { status: "cancelled" };
    }
  }
  const extra =
    added.length === 0
      ? ""
      : `\n补充内容 / taken in on the way：\n${added.map((text) => `• ${text}`).join("\n")}`;
  return { status: "done", text: `✅ 长任务已完成，用时 ${seconds} 秒。 / Done after ${seconds} s.${extra}` };
}

async function approval(_turn: Turn, io: TurnIO): Promise<TurnResult> {
  const decision = await io.approve({
    title: "删除临时文件 delete temporary files",
    detail: "rm -r ./tmp/demo",
    directory: "/srv/agent",
  });
  if (io.signal.aborted) return { status: "cancelled" };
  const words = {
    approved: "✅ 已获批准，（演示）操作完成。 / Approved; done, in this demo.",
    denied: "🚫 已拒绝，什么都没有执行。 / Denied; nothing was done.",
    expired: "⌛ 没有等到批准，什么都没有执行。 / No answer came; nothing was done.",
  };
  return { status: "done", text: words[decision] };
}

async function files(): Promise<TurnResult> {
  const text =
    "这是一张图片和一个文件，由演示助手现做。 / A picture and a file, made by the demo agent just now.";
  return { status: "done", text, files: demoFiles() };
}

async function card({ id }: Turn): Promise<TurnResult> {
  const buttons = [
    { text: "红 red", key: "红 red" },
    { text: "蓝 blue", key: "蓝 blue" },
  ];
  const colours: AgentMessage = {
    msgtype: "template_card",
    template_card: {
      card_type: "button_interaction",
      main_title: { title: "选一种颜色 Choose a colour", desc: "点选的内容会发给助手 / goes to the agent" },
      // Unique in the app (WeCom doc 90236).
      task_id: `demo-${createHash("sha256").update(id).digest("hex").slice(0, 32)}`,
      button_list: buttons,
    },
  };
  return { status: "done", text: "", messages: [colours] };
}

async function fail(): Promise<TurnResult> {
  return { status: "failed", code: "agent", retryable: false, detail: "The demo agent was asked to fail." };
}

async function report(): Promise<TurnResult> {
  const words =
    "企业微信单条消息最多 2048 字节，超出部分会被截断。这段回复会被拆成多条，按顺序送达，不会切断任何一个字或表情 👩‍👩‍👧‍👦。";
  const section = (n: number) => `${n}. 季度报告 Quarterly report\n\n${words.repeat(4)}`;
  return { status: "done", text: Array.from({ length: 8 }, (_, index) => section(index + 1)).join("\n\n") };
}
