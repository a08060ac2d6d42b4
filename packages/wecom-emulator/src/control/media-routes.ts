import type { Request, Response, Router } from "express";
import { checkMedia } from "../api/media-checks.ts";
import { readBody } from "../api/read-body.ts";
import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { World } from "../world.ts";
import { uploadSchema } from "./control-schemas.ts";
import { ControlError, findApp } from "./handle.ts";

/** Shown in the page; everything else is only offered for download. */
const INLINE_TYPES = new Set(["image/png", "image/jpeg", "audio/amr", "video/mp4"]);

/** Sends a file so that a browser neither guesses its type nor runs anything in it. */
export function sendMedia(request: Request, response: Response, world: World): void {
  const media = world.media.peek(String(request.params.mediaId));
  if (media === undefined) throw new ControlError(404, "There is no such file.");
  const isInline = INLINE_TYPES.has(media.contentType);
  response.set({
    "Content-Type": isInline ? media.contentType : "application/octet-stream",
    "Content-Disposition": `${isInline ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(media.filename)}`,
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(media.content);
}

async function upload(request: Request, response: Response, world: World): Promise<void> {
  const query = uploadSchema.safeParse(request.query);
  if (!query.success)
    throw new ControlError(400, "app, type (image, voice, video, file) and filename are needed.");
  if (request.is("application/octet-stream") === false)
    throw new ControlError(415, "Send application/octet-stream.");
  const { app, type, filename } = query.data;
  const { body, tooLarge } = await readBody(request, WECOM_LIMITS.mediaMaxBytes.file);
  if (tooLarge) throw new ControlError(413, "WeCom takes files of up to 20 MB.");
  try {
    checkMedia(type, body);
  } catch (error) {
    throw error instanceof ApiError ? new ControlError(400, error.message) : error;
  }
  const contentType = {
    image: imageType(body),
    voice: "audio/amr",
    video: "video/mp4",
    file: "application/octet-stream",
  };
  const media = world.media.add({
    corpId: findApp(world, app).corpId,
    type,
    filename,
    contentType: contentType[type],
    content: body,
  });
  response.json({ mediaId: media.mediaId, picUrl: `/pic/${media.mediaId}` });
}

function imageType(content: Buffer): string {
  return content[0] === 0xff ? "image/jpeg" : "image/png";
}

/** Files that members attach, and files that they were sent. */
export function addMediaRoutes(router: Router, world: World): void {
  router.post("/media", (request, response) => upload(request, response, world));
  router.get("/media/:mediaId", (request, response) => sendMedia(request, response, world));
}
