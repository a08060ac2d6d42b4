import { fileURLToPath } from "node:url";
import type { Queue } from "bullmq";
import type { Express } from "express";
import express from "express";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { createAccessRoutes } from "./access/access-routes.ts";
import type { ConsoleAppConfig } from "./access/read-access.ts";
import { createApiRoutes } from "./api/api-routes.ts";
import type { ChatClient } from "./api/chats.ts";
import { createAuditLog } from "./audit/audit-log.ts";
import { createAuditRoutes } from "./audit/audit-routes.ts";
import { createCredentials } from "./auth/credentials.ts";
import { createLoginLimiter } from "./auth/login-limiter.ts";
import { createLoginRoutes } from "./auth/login-routes.ts";
import type { Operator } from "./auth/operator.ts";
import { createRequireCsrf } from "./auth/require-csrf.ts";
import { createRequireSession } from "./auth/require-session.ts";
import { createSessions } from "./auth/sessions.ts";
import { createBoard } from "./board/create-board.ts";
import { createConsoleTools } from "./console-tools.ts";
import { createDeadRoutes } from "./dead/dead-routes.ts";
import { createAuditWrites } from "./http/audit-writes.ts";
import { createErrorHandler, notFound } from "./http/error-handler.ts";
import { createProbes } from "./http/probes.ts";
import { createRequireSameOrigin } from "./http/same-origin.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { serveFiles } from "./http/serve-files.ts";
import { chooseLanguage } from "./i18n/language-route.ts";
import { createOverviewRoutes } from "./overview/overview-routes.ts";
import { createTimelineRoutes } from "./timeline/timeline-routes.ts";

const ASSETS = fileURLToPath(new URL("../assets", import.meta.url));

export interface ConsoleDeps {
  /** In the order in which they are shown. The caller closes them. */
  readonly queues: readonly Queue[];
  readonly redis: Redis;
  readonly prefix: string;
  readonly operator: Operator;
  /** The configured apps as they are now. */
  readonly apps: () => readonly ConsoleAppConfig[];
  /** The page of a message shows what was said. */
  readonly showContent: boolean;
  /** For programs; without a token it is turned off. */
  readonly apiToken: string | undefined;
  /** Whose X-Forwarded-For is believed: by default nobody's. */
  readonly trustedProxies?: readonly string[];
  /** Creates and reads groups for the API. */
  readonly chatClient: (app: Pick<ConsoleAppConfig, "corpId" | "agentId">) => ChatClient | undefined;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * The console as an Express app. The order below is the protection: what stands above `requireSession` is
 * public and says nothing about the gateway, everything after it needs a signed-in operator.
 */
export async function createConsoleApp(deps: ConsoleDeps): Promise<Express> {
  const { queues, redis, prefix, showContent, logger } = deps;
  const tools = createConsoleTools(deps);
  const credentials = await createCredentials(deps.operator);
  const sessions = createSessions({ redis, prefix, fingerprint: credentials.fingerprint, now: deps.now });
  const limiter = createLoginLimiter({ redis, prefix });
  const auditLog = createAuditLog({ redis, prefix, logger });
  const hasGeneratedPassword = deps.operator.isGenerated;

  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple");
  app.set("trust proxy", [...(deps.trustedProxies ?? [])]);
  app.use(securityHeaders, createProbes(redis), serveFiles("/assets", ASSETS));
  app.get("/language", chooseLanguage);
  app.use(
    "/api/v1",
    createApiRoutes({
      ...tools,
      token: deps.apiToken,
      apps: deps.apps,
      chatClient: deps.chatClient,
      auditLog,
      logger,
    }),
  );
  app.use(createRequireSameOrigin({ logger }));
  app.use(createLoginRoutes({ credentials, sessions, limiter, hasGeneratedPassword, auditLog, logger }));
  app.use(createRequireSession({ sessions }));
  app.use("/queues", createAuditWrites({ auditLog }));
  app.use(createRequireCsrf({ logger }));
  app.use(createOverviewRoutes({ ...tools, queues, showContent }));
  app.use(createTimelineRoutes({ ...tools, queues, showContent, auditLog }));
  app.use(createDeadRoutes({ ...tools, auditLog }));
  app.use(createAccessRoutes({ ...tools, apps: deps.apps, auditLog }));
  app.use(createAuditRoutes({ auditLog }));
  app.use("/queues", createBoard({ queues, path: "/queues", logger }));
  app.use(notFound, createErrorHandler({ logger, isRedisReady: () => redis.status === "ready" }));
  return app;
}
