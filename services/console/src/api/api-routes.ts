import type { DeadLetters, Keys, Outbox, Timelines } from "@gateway/conversation";
import { turnIdOf } from "@gateway/conversation";
import type { AppConfig } from "@gateway/service-kit";
import type { UserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Queue } from "bullmq";
import type { Request, Response } from "express";
import { json, Router } from "express";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { z } from "zod";
import type { AuditLog } from "../audit/audit-log.ts";
import { describeCode } from "../codes/describe-code.ts";
import { languageOf } from "../i18n/language.ts";
import { createApiAccess } from "./api-access.ts";
import { ApiError } from "./api-error.ts";
import { createApiErrorHandler } from "./api-error-handler.ts";
import { createChatSchema, sendRequestSchema } from "./api-schemas.ts";
import type { ChatClient } from "./chats.ts";
import { createChat, readChat } from "./chats.ts";
import { findRecipient } from "./find-recipient.ts";
import { readIdempotency, requireKey } from "./idempotency.ts";
import { openApiDocument } from "./openapi.ts";
import { readStatus, readTimelineTexts } from "./read-status.ts";
import { planMessage, sendMessage } from "./send-message.ts";

const DEAD_LETTERS_LIMIT = 100;

interface ApiDeps {
  /** What requests have to bring; undefined turns the API off. */
  readonly token: string | undefined;
  readonly apps: () => readonly Pick<AppConfig, "name" | "corpId" | "agentId">[];
  readonly userCorpMap: Pick<UserCorpMap, "resolve">;
  readonly chatClient: (app: Pick<AppConfig, "corpId" | "agentId">) => ChatClient | undefined;
  readonly outbox: Outbox;
  readonly timelines: Timelines;
  readonly deadLetters: DeadLetters;
  readonly deliver: Queue;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly auditLog: AuditLog;
  readonly logger: Logger;
  readonly now: () => number;
}

/** `/api/v1`, for programs. It knows no session and no cookie: only the token lets anybody in. */
export function createApiRoutes(deps: ApiDeps): Router {
  const { logger, redis, keys } = deps;
  const router = Router();
  router.use(createApiAccess({ token: deps.token, redis, prefix: keys.prefix, logger }));
  router.get("/openapi.json", (_req, res) => void res.json(openApiDocument));
  router.post("/messages", json({ limit: "256kb" }), (req, res) => postMessage(req, res, deps));
  router.get("/messages/:id", async (req, res) => {
    res.json(await readStatus(req.params.id, languageOf(req), deps));
  });
  router.get("/messages/:id/timeline", async (req, res) => {
    res.json(await readTimelineTexts(req.params.id, languageOf(req), deps));
  });
  router.post("/chats", json({ limit: "256kb" }), async (req, res) => {
    const request = parse(createChatSchema, req.body);
    const created = await createChat(request, requireKey(req.get("idempotency-key")), withApps(deps));
    deps.auditLog.write(req, "chat_created", "API", { app: request.app, chatId: created.id });
    res.status(201).json(created);
  });
  router.get("/chats/:id", async (req, res) => {
    const { app } = req.query;
    res.json(await readChat(req.params.id, typeof app === "string" ? app : undefined, withApps(deps)));
  });
  router.get("/dead-letters", (req, res) => listDeadLetters(req, res, deps));
  router.post("/dead-letters/:id/replay", async (req, res) => {
    const { id } = req.params;
    const result = await deps.deadLetters.replay(id, "API");
    deps.auditLog.write(req, "dead_replay", "API", { deadId: id, status: result.status });
    if (result.status !== "replayed") throw notReplayed(result.status);
    res.json({ id, replayedAs: result.as });
  });
  router.use(() => {
    throw new ApiError(404, "not_found", "There is no such operation. GET /api/v1/openapi.json lists them.");
  });
  router.use(createApiErrorHandler({ logger, isRedisReady: () => redis.status === "ready" }));
  return router;
}

function withApps(deps: ApiDeps) {
  return { apps: deps.apps(), chatClient: deps.chatClient };
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ at: path.join("."), fault: message }));
  throw new ApiError(422, "request_invalid", "Correct what the faults say.", { faults });
}

async function postMessage(req: Request, res: Response, deps: ApiDeps): Promise<void> {
  const asked = parse(sendRequestSchema, req.body);
  const { to, message } = asked;
  const request = readIdempotency(req.get("idempotency-key"), asked, deps);
  const { messageId: id } = request;
  // Claimed, and yet nothing is stored: the process that had it died on the way.
  const isDone = (await request.isRepeated()) && (await deps.outbox.read(turnIdOf(id))) !== undefined;
  if (!isDone) {
    const recipient = await findRecipient(to, { ...deps, apps: deps.apps() });
    const plans = planMessage(id, recipient, message, deps.now());
    await request.claim();
    await sendMessage(id, plans, { app: recipient.app.name, msgtype: message.msgtype }, deps);
    const conversations = plans.map(({ conversation }) => conversation);
    deps.logger.info(
      { audit: "api_send", messageId: id, conversations, msgtype: message.msgtype },
      "API request",
    );
  }
  const statusUrl = `/api/v1/messages/${encodeURIComponent(id)}`;
  res.status(202).location(statusUrl).json({ id, statusUrl });
}

async function listDeadLetters(req: Request, res: Response, deps: ApiDeps): Promise<void> {
  const offset = Math.min(Math.max(Math.trunc(Number(req.query.offset ?? 0)) || 0, 0), 1_000_000);
  const { letters, total } = await deps.deadLetters.list({ offset, limit: DEAD_LETTERS_LIMIT });
  const deadLetters = letters.map(({ id, what, conversation, messageIds, code, reason, atMs }) => {
    const known = describeCode(code, languageOf(req));
    const at = new Date(atMs).toISOString();
    return {
      id,
      what,
      conversation,
      messageIds,
      code,
      reason: known?.cause ?? reason,
      remedy: known?.remedy,
      at,
    };
  });
  res.json({ total, deadLetters });
}

function notReplayed(status: "gone" | "not_stored" | "unreadable" | "full"): ApiError {
  switch (status) {
    case "gone":
      return new ApiError(
        404,
        "dead_letter_unknown",
        "There is no such dead letter, or somebody has decided on it.",
      );
    case "not_stored":
      return new ApiError(
        409,
        "not_stored",
        "What it was made of is not stored any more. Drop it in the console.",
      );
    case "unreadable":
      return new ApiError(
        409,
        "unreadable",
        "This version cannot read it. Update the gateway, then replay it.",
      );
    case "full":
      return new ApiError(
        409,
        "mailbox_full",
        "Too many messages wait in that conversation. Try again later.",
      );
    default:
      return status satisfies never;
  }
}
