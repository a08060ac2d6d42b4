import type { ErrorRequestHandler, Express } from "express";
import express from "express";
import { ZodError } from "zod";
import { createApiRouter } from "./api/api-router.ts";
import { createControlRouter } from "./control/control-router.ts";
import { ControlError } from "./control/handle.ts";
import { sendMedia } from "./control/media-routes.ts";
import type { Controls } from "./controls.ts";
import { InputError } from "./input-error.ts";
import { createPageRouter } from "./page/page-router.ts";
import type { World } from "./world.ts";

function statusOf(error: unknown): number {
  if (error instanceof ControlError) return error.status;
  if (error instanceof ZodError || error instanceof InputError) return 400;
  const status =
    typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 600 ? status : 500;
}

function createErrorHandler(onError: (error: unknown) => void): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const status = statusOf(error);
    if (status >= 500) onError(error);
    if (response.headersSent) {
      next(error);
      return;
    }
    const message = error instanceof Error ? error.message : "unexpected";
    response.status(status).json({ error: "request_failed", message });
  };
}

/** Both sides of WeCom and the page, as one express application. */
export function createEmulatorApp(
  world: World,
  controls: Controls,
  onError: (error: unknown) => void,
): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use("/cgi-bin", createApiRouter(world));
  app.get("/health", (_request, response) => {
    response.json({ status: "ok" });
  });
  app.get("/pic/:mediaId", (request, response) => sendMedia(request, response, world));
  app.use("/_emulator", createControlRouter(world, controls));
  app.use(createPageRouter());
  app.use(createErrorHandler(onError));
  return app;
}
