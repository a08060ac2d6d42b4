import type { RequestListener } from "node:http";
import type { Express, RequestHandler as ExpressHandler, Request, Response } from "express";
import express from "express";
import type { Logger } from "pino";
import { answerError, createErrorHandler } from "./error-handler.ts";
import { answerHealth } from "./probes.ts";
import { AGENT_CALLBACK_PATH } from "./receive-agent-callback.ts";
import type { RequestHandler } from "./receive-callback.ts";
import { pathOf } from "./request-url.ts";
import { respond } from "./respond.ts";

/** The routes: the callback path, `/health`, `/ready`, `/agent/callback/…`, nothing else. */
export function createApp(deps: {
  callbackPath: string;
  verifyUrl: RequestHandler;
  receiveCallback: RequestHandler;
  answerReady: RequestHandler;
  /** Undefined where no agent answers later. */
  receiveAgentCallback: RequestHandler | undefined;
  logger: Pick<Logger, "error">;
}): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  // Express would read repeated parameters as lists and brackets as objects.
  app.set("query parser", false);

  app.use(
    at({
      [deps.callbackPath]: { GET: deps.verifyUrl, POST: deps.receiveCallback },
      "/health": { GET: answerHealth, HEAD: answerHealth },
      "/ready": { GET: deps.answerReady, HEAD: deps.answerReady },
    }),
  );
  if (deps.receiveAgentCallback !== undefined) app.use(below(AGENT_CALLBACK_PATH, deps.receiveAgentCallback));
  app.use((_request: Request, response: Response) => respond(response, 404, "Not found.\n"));
  app.use(createErrorHandler(deps.logger));
  return app;
}

/**
 * Pushes go straight to their handler, the same that they would find in the app: on its way to a handler Express exchanges the
 * prototypes of request and response, after which the engine has to learn both objects anew, at a fifth to a half of
 * what all else costs. Every other request goes through the app.
 */
export function createListener(
  app: Express,
  deps: { callbackPath: string; receiveCallback: RequestHandler; logger: Pick<Logger, "error"> },
): RequestListener {
  const { callbackPath, receiveCallback, logger } = deps;
  const paths = new Set([callbackPath, `${callbackPath}/`]);
  return (request, response) => {
    const isPush = request.method === "POST" && paths.has(pathOf(request));
    if (!isPush) return app(request, response);
    receiveCallback(request, response).catch((error: unknown) => answerError(error, response, logger));
  };
}

type Methods = Readonly<Record<string, RequestHandler>>;

/**
 * Compares paths as they are: in an Express route the characters `:` `*` `(` of a configured path would mean something. All
 * of them at once, because each step on Express's way costs.
 */
function at(paths: Readonly<Record<string, Methods>>): ExpressHandler {
  const known = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      [path, `${path}/`].map((form) => [form, methods] as const),
    ),
  );
  return async (request, response, next) => {
    const methods = known.get(request.path);
    if (methods === undefined) return next();
    const handler = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
    if (handler !== undefined) return handler(request, response);
    respond(response, 405, "Method not allowed.\n", { Allow: Object.keys(methods).join(", ") });
  };
}

/** POST to whatever is below a path. */
function below(path: string, handler: RequestHandler): ExpressHandler {
  return async (request, response, next) => {
    if (!request.path.startsWith(path)) return next();
    if (request.method === "POST") return handler(request, response);
    respond(response, 405, "Method not allowed.\n", { Allow: "POST" });
  };
}
