import type { Readable } from "node:stream";
import { badAnswer, expectOk, number, text } from "./answer.ts";
import type { WecomApi } from "./api.ts";
import { isTokenErrcode } from "./errcodes.ts";
import { WecomError } from "./errors.ts";
import { MEDIA_EXTENSIONS, MEDIA_LIMIT_BYTES, MEDIA_MIN_BYTES } from "./limits.ts";
import { encodeMultipart } from "./multipart.ts";
import type { UploadedMedia, UploadMediaRequest, WecomClient } from "./types.ts";

/** Time for a slow line: on top of the usual limit, the size at this speed. */
const SLOWEST_BYTES_PER_SECOND = 64 * 1024;
const API = "media/upload";

/** media/upload (WeCom doc 90253). Type, extension and size are checked before anything is sent. */
export function createMediaUpload(api: WecomApi): Pick<WecomClient, "uploadMedia"> {
  const context = { api: API, app: api.appName };
  const refuse = (code: string, summary: string) => {
    const hint = "Image: jpg or png to 10 MB. Voice: amr to 2 MB. Video: mp4 to 10 MB. File: to 20 MB.";
    return new WecomError({
      ...context,
      code,
      kind: "content",
      summary: `nothing was sent: ${summary}`,
      hint,
    });
  };

  const uploadOnce = async (request: UploadMediaRequest, token: string): Promise<UploadedMedia> => {
    const { type, filename, contentType = "application/octet-stream", sizeBytes } = request;
    const content = openContent(request.content);
    const sizeMismatch = () =>
      refuse("media_size_mismatch", `the content does not have the ${sizeBytes} bytes named`);
    const answer = await api.transport.requestJson({
      api: API,
      query: { access_token: token, type },
      body: encodeMultipart({ filename, contentType, content, sizeBytes, sizeMismatch }),
      // A second upload makes a second media id and harms nobody.
      repeatable: true,
      timeoutMs: api.timeoutMs + Math.ceil((sizeBytes / SLOWEST_BYTES_PER_SECOND) * 1000),
    });
    expectOk(answer, context);
    const mediaId = text(answer.media_id);
    if (mediaId === "") throw badAnswer(context, "media_id");
    // WeCom sends created_at as a string of seconds.
    const createdAtMs = number(answer.created_at) * 1000;
    return { mediaId, createdAtMs: Number.isSafeInteger(createdAtMs) ? createdAtMs : Date.now() };
  };

  return {
    async uploadMedia(request) {
      const fault = findFault(request);
      if (fault !== undefined) throw refuse(fault.code, fault.summary);
      const once = !Buffer.isBuffer(request.content) && typeof request.content !== "function";
      return api.withToken(async (token) => {
        try {
          return await uploadOnce(request, token);
        } catch (error) {
          if (once && error instanceof WecomError && isTokenErrcode(error.errcode)) throw consumed(error);
          throw error;
        }
      });
    },
  };
}

function openContent(content: UploadMediaRequest["content"]): Buffer | Readable {
  return typeof content === "function" ? content() : content;
}

/** The token was refused, and the stream that would have to be sent again is used up. */
function consumed(error: WecomError): WecomError {
  const { api, app, errcode, summary } = error;
  const hint = "Open the content again and retry: the next call uses a fresh token.";
  return new WecomError({ api, app, errcode, summary, hint, code: "body_consumed", kind: "token" });
}

function findFault(request: UploadMediaRequest): { code: string; summary: string } | undefined {
  const { type, filename, sizeBytes } = request;
  const limit = MEDIA_LIMIT_BYTES[type];
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < MEDIA_MIN_BYTES) {
    return { code: "media_too_small", summary: `a media file has at least ${MEDIA_MIN_BYTES} bytes` };
  }
  if (sizeBytes > limit) {
    return { code: "media_too_large", summary: `${sizeBytes} bytes are over the ${limit} of type ${type}` };
  }
  if (Buffer.isBuffer(request.content) && request.content.length !== sizeBytes) {
    return { code: "media_size_mismatch", summary: `the content does not have the ${sizeBytes} bytes named` };
  }
  const extension = /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? "";
  const accepted: readonly string[] | undefined = type === "file" ? undefined : MEDIA_EXTENSIONS[type];
  if (accepted !== undefined && !accepted.includes(extension)) {
    return { code: "media_type_invalid", summary: `type ${type} takes ${accepted.join(", ")} only` };
  }
  return undefined;
}
