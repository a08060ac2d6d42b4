import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import type { AfterHook, ControllerHandlerReturnType, UIConfig } from "@bull-board/api/typings/app";
import { QUEUE_NAMES } from "@gateway/conversation";
import type { Queue } from "bullmq";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { BoardAdapter } from "./board-adapter.ts";
import { boardTheme } from "./board-theme.ts";
import { allowBoardWrite } from "./board-writes.ts";
import { identifierOnly, redactData } from "./redact.ts";
import { redactJobData } from "./redact-job-data.ts";
import { scrubResponse } from "./scrub-response.ts";

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  [QUEUE_NAMES.inbound]: "One job per accepted message or event. 每条已接收的消息或事件",
  [QUEUE_NAMES.turns]: "One live job per conversation that the agent works on. 每个会话的智能体运行",
  [QUEUE_NAMES.deliver]: "One live job per conversation with replies to send. 待发送的回复",
  [QUEUE_NAMES.maintenance]: "The clock of the reconciler, which repairs lost wake-ups. 定时自检",
  [QUEUE_NAMES.dead]: "What could not be handled; nothing runs here, a person decides. 死信，等待人工处理",
};

const uiConfig: UIConfig = {
  boardTitle: "WeCom Agent Gateway",
  boardLogo: { path: "/assets/logo.svg", width: 28, height: 28 },
  favIcon: { default: "/assets/logo.svg", alternative: "/assets/logo.svg" },
  miscLinks: [{ text: "Overview 总览", url: "/" }],
  theme: boardTheme,
  hideDocsLink: true,
  hideRedisDetails: true,
  sortQueues: false,
};

/** Bull Board over the given queues, mounted at `path` behind the session check; every answer is redacted. */
export function createBoard(deps: {
  queues: readonly Queue[];
  path: string;
  logger: Logger;
}): RequestHandler {
  const adapter = new BoardAdapter((error) =>
    deps.logger.error({ error: error.name }, "bull board request failed"),
  );
  adapter.setBasePath(deps.path);
  createBullBoard({
    queues: deps.queues.map(adaptQueue),
    serverAdapter: adapter,
    options: { uiConfig, handlerHooks: { before: allowBoardWrite, after: scrub } },
  });
  return adapter.getRouter();
}

function adaptQueue(queue: Queue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, { description: DESCRIPTIONS[queue.name] ?? "" });
  adapter.setFormatter("data", redactJobData);
  adapter.setFormatter("returnValue", redactData);
  adapter.setFormatter("progress", (progress) =>
    typeof progress === "number" ? progress : redactData(progress),
  );
  adapter.setFormatter("name", (job) => identifierOnly(String(job.name)));
  return adapter;
}

const scrub: AfterHook = ({ route }, result) => ({
  ...result,
  body: scrubResponse(route, result.body) as ControllerHandlerReturnType["body"],
});
