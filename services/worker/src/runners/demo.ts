import { setTimeout as delay } from "node:timers/promises";
import type { AgentRunner, Turn, TurnIO, TurnResult } from "./runner.ts";

const LONG_RUN_SECONDS = 40;
const LONG_RUN_LIMIT_SECONDS = 1800;
const STEPS = ["reading the question", "searching the files", "comparing the figures", "writing the answer"];

/**
 * An agent without a model or a network. It shows what the gateway does: an answer at once, a long run with
 * progress (`long`, `long 120`), a reply longer than one WeCom message (`report`), a failing agent (`fail`).
 */
export function createDemoRunner(): AgentRunner {
  return {
    kind: "demo",
    probe: async () => ({ ok: true }),
    run: (turn, io) => runDemo(turn, io),
    shutdown: async () => undefined,
  };
}

async function runDemo(turn: Turn, io: TurnIO): Promise<TurnResult> {
  const [word = "", argument = ""] = turn.text.trim().toLowerCase().split(/\s+/, 2);
  switch (word) {
    case "long":
    case "长任务":
      return longRun(Math.min(Number(argument) || LONG_RUN_SECONDS, LONG_RUN_LIMIT_SECONDS), io);
    case "report":
    case "报告":
      return { status: "done", text: report() };
    case "fail":
    case "失败":
      return {
        status: "failed",
        code: "agent",
        retryable: false,
        detail: "The demo agent was asked to fail.",
      };
    default:
      return { status: "done", text: `${echo(turn.text)}\n\n${MENU}` };
  }
}

const MENU = [
  "I am the demo agent. / 我是演示助手。试试看：",
  `• long 或 长任务 — a run of ${LONG_RUN_SECONDS} s with progress / 带进度的长任务`,
  "• report 或 报告 — a reply of several messages / 多条消息的长回复",
  "• fail 或 失败 — an agent that fails / 助手出错时的样子",
].join("\n");

function echo(text: string): string {
  return text.trim() === "" ? "👋" : `You said / 你说：${text}`;
}

async function longRun(seconds: number, io: TurnIO): Promise<TurnResult> {
  const stepMs = (seconds * 1000) / STEPS.length;
  for (const [index, title] of STEPS.entries()) {
    io.emit({ type: "progress", title: `${title} (${index + 1}/${STEPS.length})` });
    try {
      await delay(stepMs, undefined, { signal: io.signal });
    } catch {
      return { status: "cancelled" };
    }
  }
  return { status: "done", text: `Done after ${seconds} s. / 长任务已完成，用时 ${seconds} 秒。` };
}

function report(): string {
  const section = (n: number) =>
    `${n}. 季度报告 Quarterly report\n\n` +
    "企业微信单条消息最多 2048 字节，超出部分会被截断。这段回复会被拆成多条，按顺序送达，不会切断任何一个字或表情 👩‍👩‍👧‍👦。".repeat(
      4,
    );
  return Array.from({ length: 8 }, (_, index) => section(index + 1)).join("\n\n");
}
