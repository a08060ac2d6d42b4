import type { Readable } from "node:stream";
import { Transform } from "node:stream";
import type { Answer } from "./answer.ts";
import { expectOk } from "./answer.ts";
import type { WecomApi } from "./api.ts";
import { WecomError } from "./errors.ts";
import { fileNameOf } from "./file-name.ts";
import { readBounded } from "./guarded-stream.ts";
import type { StreamedResponse } from "./transport.ts";
import type { DownloadedMedia, WecomClient } from "./types.ts";

const API = "media/get";
/** An error answer is small; anything longer is a file that happens to be JSON. */
const ERROR_LIMIT_BYTES = 64 * 1024;

/** media/get (WeCom doc 90254), streamed. WeCom's errors come as JSON with status 200. */
export function createMediaDownload(api: WecomApi): Pick<WecomClient, "downloadMedia"> {
  const context = { api: API, app: api.appName };
  const tooLarge = (limitBytes: number) =>
    new WecomError({
      ...context,
      code: "media_too_large",
      kind: "content",
      summary: `the file is larger than the ${limitBytes} bytes allowed`,
      hint: "Ask for a smaller file.",
    });

  const open = async (mediaId: string, token: string): Promise<StreamedResponse> => {
    const query = { access_token: token, media_id: mediaId };
    const response = await api.transport.requestStream({ api: API, query, repeatable: true });
    if (isFile(response)) return response;
    const body = await readBounded(response.stream, ERROR_LIMIT_BYTES);
    const answer = parseAnswer(body);
    if (answer !== undefined) expectOk(answer, context);
    throw new WecomError({
      ...context,
      code: "answer_unexpected",
      kind: "unknown",
      summary: "the answer is neither a file nor an error of WeCom",
      hint: "Check that the API base URL leads to WeCom.",
      retryable: true,
    });
  };

  return {
    async downloadMedia(mediaId, { limitBytes }): Promise<DownloadedMedia> {
      const response = await api.withToken((token) => open(mediaId, token));
      const length = response.header("content-length");
      const sizeBytes = length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
      if (sizeBytes !== undefined && sizeBytes > limitBytes) {
        response.stream.destroy();
        throw tooLarge(limitBytes);
      }
      return {
        filename: fileNameOf(response.header("content-disposition")),
        contentType: response.header("content-type") ?? "application/octet-stream",
        ...(sizeBytes === undefined ? {} : { sizeBytes }),
        stream: limitStream(response.stream, limitBytes, () => tooLarge(limitBytes)),
      };
    },
  };
}

/** Status and length tell nothing; a file has a disposition, or at least a type that no error has. */
function isFile(response: StreamedResponse): boolean {
  const failed = response.header("error-code");
  if (failed !== undefined && failed !== "0") return false;
  if (/attachment|filename/i.test(response.header("content-disposition") ?? "")) return true;
  const contentType = response.header("content-type") ?? "";
  return contentType !== "" && !/json|text/i.test(contentType);
}

function parseAnswer(body: Buffer | undefined): Answer | undefined {
  try {
    const value: unknown = body === undefined ? undefined : JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function limitStream(source: Readable, limitBytes: number, tooLarge: () => Error): Readable {
  let size = 0;
  const out = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limitBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
  source.on("error", (error) => out.destroy(error));
  out.on("close", () => source.destroy());
  return source.pipe(out);
}
