import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import type { AfterHook, ControllerHandlerReturnType, UIConfig } from "@bull-board/api/typings/app";
import type { Queue } from "bullmq";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { languageOf } from "../i18n/language.ts";
import { BoardAdapter } from "./board-adapter.ts";
import { allowBoardWrite } from "./board-writes.ts";
import { describeQueues } from "./describe-queues.ts";
import { identifierOnly, redactData } from "./redact.ts";
import { redactJobData } from "./redact-job-data.ts";
import { scrubResponse } from "./scrub-response.ts";

const uiConfig: UIConfig = {
  boardTitle: "WeCom Agent Gateway",
  boardLogo: { path: "/assets/logo.svg", width: 28, height: 28 },
  favIcon: { default: "/assets/logo.svg", alternative: "/assets/logo.svg" },
  miscLinks: [{ text: "Overview 总览", url: "/" }],
  hideDocsLink: true,
  hideRedisDetails: true,
  sortQueues: false,
  menu: { width: "316px" },
};

/** Bull Board over the given queues, mounted at `path` behind the session check; every answer is redacted. */
export function createBoard(deps: {
  queues: readonly Queue[];
  path: string;
  logger: Logger;
}): RequestHandler {
  const adapter = new BoardAdapter((error) => {
    // Its message may quote a job, so only its kind is logged.
    deps.logger.error({ kind: error.name }, "a request of Bull Board failed");
  });
  adapter.setBasePath(deps.path);
  createBullBoard({
    queues: deps.queues.map(adaptQueue),
    serverAdapter: adapter,
    options: { uiConfig, handlerHooks: { before: allowBoardWrite, after: finishAnswer } },
  });
  return adapter.getRouter();
}

function adaptQueue(queue: Queue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue);
  adapter.setFormatter("data", redactJobData);
  adapter.setFormatter("returnValue", redactData);
  adapter.setFormatter("progress", (progress) =>
    typeof progress === "number" ? progress : redactData(progress),
  );
  adapter.setFormatter("name", (job) => identifierOnly(String(job.name)));
  return adapter;
}

const finishAnswer: AfterHook = ({ route, request }, result) => {
  const body = describeQueues(route, scrubResponse(route, result.body), languageOf(request));
  return { ...result, body: body as ControllerHandlerReturnType["body"] };
};
