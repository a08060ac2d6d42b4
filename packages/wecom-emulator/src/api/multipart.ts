import { ApiError } from "../api-error.ts";

export interface UploadedFile {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

const CRLF2 = Buffer.from("\r\n\r\n");

function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\/form-data\b/i.test(contentType)) return undefined;
  const match = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

function parsePart(part: Buffer): { headers: string; content: Buffer } | undefined {
  const headerEnd = part.indexOf(CRLF2);
  if (headerEnd < 0) return undefined;
  // Every part ends with the CRLF that belongs to the boundary after it.
  return { headers: part.subarray(0, headerEnd).toString("utf8"), content: part.subarray(headerEnd + 4, -2) };
}

function split(body: Buffer, boundary: string): Buffer[] {
  const mark = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = body.indexOf(mark);
  while (start >= 0 && parts.length < 20) {
    const contentStart = start + mark.length;
    const end = body.indexOf(mark, contentStart);
    if (end < 0) break;
    parts.push(body.subarray(contentStart, end));
    start = end;
  }
  return parts;
}

/**
 * The file in the field `media` of a multipart body (doc 90253). WeCom does not understand `filename*=`: a file named
 * only that way is an empty file to it (44001).
 */
export function readUploadedFile(body: Buffer, contentType: string): UploadedFile {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) throw new ApiError(44001, "the body is no multipart/form-data");
  for (const part of split(body, boundary)) {
    const parsed = parsePart(part);
    const disposition = /^content-disposition:.*$/im.exec(parsed?.headers ?? "")?.[0] ?? "";
    if (parsed === undefined || !/;\s*name="?media"?(;|\s|$)/i.test(disposition)) continue;
    const filename = /;\s*filename="([^"]*)"/i.exec(disposition)?.[1] ?? "";
    if (filename === "" || /;\s*filename\*=/i.test(disposition)) throw new ApiError(44001, "filename");
    const type =
      /^content-type:\s*([^\r\n]+)/im.exec(parsed.headers)?.[1]?.trim() ?? "application/octet-stream";
    return { filename, contentType: type, content: parsed.content };
  }
  throw new ApiError(44001, "no file in the field media");
}
