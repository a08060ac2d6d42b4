import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { WecomClient } from "@gateway/wecom-client";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import { expectNoCanary } from "./canary.ts";
import type { FakeWecom } from "./fake-wecom.ts";
import { expired, startClient, TOKEN, tokenOf } from "./test-client.ts";

let wecom: FakeWecom;
let client: WecomClient;
let stop: () => Promise<void>;

beforeEach(async () => {
  ({ wecom, client, stop } = await startClient());
});
afterEach(() => stop());

describe("uploadMedia", () => {
  const content = Buffer.from("0123456789");
  const ok = { errcode: 0, type: "file", media_id: "media-1", created_at: "1700000000" };

  it("streams a form that WeCom reads, the name in plain UTF-8", async () => {
    wecom.on("media/upload", () => ok);
    const stream = Readable.from([content.subarray(0, 4), content.subarray(4)]);
    const request = { type: "file", filename: "报告.pdf", content: stream, sizeBytes: 10 } as const;
    expect(await client.uploadMedia(request)).toEqual({ mediaId: "media-1", createdAtMs: 1_700_000_000_000 });
    const [sent] = wecom.calls("media/upload");
    expect(sent?.query.get("type")).toBe("file");
    expect(sent?.headers["content-length"]).toBe(String(sent?.body.length));
    const boundary = /^multipart\/form-data; boundary=([\w-]+)$/.exec(
      sent?.headers["content-type"] ?? "",
    )?.[1];
    expect(sent?.body.toString("utf8").split("\r\n")).toEqual([
      `--${boundary}`,
      'Content-Disposition: form-data; name="media"; filename="报告.pdf"; filelength=10',
      "Content-Type: application/octet-stream",
      "",
      "0123456789",
      `--${boundary}--`,
      "",
    ]);
  });

  it.each([content, () => Readable.from([content])])(
    "is made again with a fresh token from %p",
    async (source) => {
      wecom.on("media/upload", (request) => (expired(request) ? { errcode: 40014 } : ok));
      await client.uploadMedia({ type: "file", filename: "a.bin", content: source, sizeBytes: 10 });
      expect(wecom.calls("media/upload").map(tokenOf)).toEqual([`${TOKEN}-1`, `${TOKEN}-2`]);
    },
  );

  it("says that a stream has to be opened again when the token had expired, and works then", async () => {
    wecom.on("media/upload", (request) => (expired(request) ? { errcode: 40014 } : ok));
    const upload = () =>
      client.uploadMedia({ type: "file", filename: "a", content: Readable.from([content]), sizeBytes: 10 });
    await expect(upload()).rejects.toMatchObject({ code: "body_consumed", kind: "token", retryable: true });
    expect((await upload()).mediaId).toBe("media-1");
  });

  it("certainly did not upload content that has another size than announced, or that cannot be read", async () => {
    wecom.on("media/upload", () => ok);
    const upload = (stream: Readable) =>
      client.uploadMedia({ type: "file", filename: "a", content: stream, sizeBytes: 11 });
    await expect(upload(Readable.from([content]))).rejects.toMatchObject({
      code: "media_size_mismatch",
      kind: "content",
    });
    const broken = new Readable({ read: () => void broken.destroy(new Error("disk")) });
    await expect(upload(broken)).rejects.toMatchObject({
      code: "body_failed",
      kind: "not_sent",
      retryable: true,
    });
    expect(wecom.calls("media/upload")).toHaveLength(0);
  });

  it.each([
    ["5 bytes", { sizeBytes: 5, content: Buffer.alloc(5) }, "media_too_small"],
    [
      "20 MB and one byte",
      { sizeBytes: 20 * 1024 * 1024 + 1, content: Readable.from([]) },
      "media_too_large",
    ],
    ["a voice that is no AMR", { type: "voice" as const, filename: "a.mp3" }, "media_type_invalid"],
    ["an image without extension", { type: "image" as const, filename: "a" }, "media_type_invalid"],
  ])("refuses %s before any call", async (_what, change, code) => {
    const request = { type: "file" as const, filename: "a.txt", content, sizeBytes: 10, ...change };
    await expect(client.uploadMedia(request)).rejects.toMatchObject({ kind: "content", code });
    expect(wecom.requests).toHaveLength(0);
  });
});

describe("downloadMedia", () => {
  const file = Buffer.alloc(200_000, "x");
  const headers = {
    "content-type": "image/jpeg",
    "content-disposition": 'attachment; filename="../照片.jpg"',
  };
  const limitBytes = 1_000_000;
  const serveFile = (extra: Record<string, string | number> = {}) =>
    wecom.on("media/get", (_request, response) => {
      response.writeHead(200, {
        ...headers,
        "content-disposition": Buffer.from(headers["content-disposition"]).toString("latin1"),
        ...extra,
      });
      response.end(file);
    });

  it("streams the file with a safe name", async () => {
    serveFile({ "content-length": file.length });
    const media = await client.downloadMedia("m/1+2", { limitBytes });
    expect(media).toMatchObject({ filename: "照片.jpg", contentType: "image/jpeg", sizeBytes: file.length });
    expectNoCanary(media);
    expect((await buffer(media.stream)).equals(file)).toBe(true);
    expect(wecom.calls("media/get")[0]?.query.get("media_id")).toBe("m/1+2");
  });

  it("gives a JSON file as a file", async () => {
    wecom.on("media/get", (_request, response) => {
      response.setHeader("content-disposition", 'attachment; filename="data.json"');
      return { errcode: 42001 };
    });
    const media = await client.downloadMedia("m", { limitBytes });
    expect(JSON.parse(String(await buffer(media.stream)))).toEqual({ errcode: 42001 });
  });

  it("finds WeCom's error behind status 200, and uses a fresh token when that is the cure", async () => {
    wecom.on("media/get", (request, response) => {
      if (expired(request)) return { errcode: 42001, errmsg: "expired" };
      response.writeHead(200, { "content-type": "image/jpeg" }).end("jpeg");
      return undefined;
    });
    const media = await client.downloadMedia("m", { limitBytes });
    expect(String(await buffer(media.stream))).toBe("jpeg");
    expect(wecom.calls("media/get").map(tokenOf)).toEqual([`${TOKEN}-1`, `${TOKEN}-2`]);
    wecom.on("media/get", () => ({ errcode: 40007, errmsg: "invalid media_id" }));
    await expect(client.downloadMedia("m", { limitBytes })).rejects.toMatchObject({
      errcode: 40007,
      kind: "content",
    });
  });

  it("refuses a file over the limit by its announced size, and else when it gets there", async () => {
    serveFile({ "content-length": file.length });
    const tooLarge = { code: "media_too_large", kind: "content" };
    await expect(client.downloadMedia("m", { limitBytes: 199_999 })).rejects.toMatchObject(tooLarge);
    serveFile();
    const media = await client.downloadMedia("m", { limitBytes: 199_999 });
    expect(media.sizeBytes).toBeUndefined();
    await expect(buffer(media.stream)).rejects.toMatchObject(tooLarge);
  });

  it("fails the stream when the file is cut off, with nothing secret in the error", async () => {
    wecom.on("media/get", (_request, response) => {
      response.writeHead(200, { "content-type": "image/jpeg", "content-length": 100 });
      response.write("half", () => response.destroy());
    });
    const media = await client.downloadMedia("m", { limitBytes });
    const error = await buffer(media.stream).then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toMatchObject({
      name: "WecomError",
      kind: "unknown",
      code: "connection_lost",
      retryable: true,
    });
    expectNoCanary(error, media);
  });

  it("fails the stream when WeCom falls silent", async () => {
    wecom.on("media/get", (_request, response) => {
      response.writeHead(200, { "content-type": "image/jpeg" }).write(file);
    });
    const media = await client.downloadMedia("m", { limitBytes });
    await expect(buffer(media.stream)).rejects.toMatchObject({ code: "answer_timeout", kind: "unknown" });
  });

  it("frees the connection of a file nobody reads", async () => {
    let closed = false;
    wecom.on("media/get", async (_request, response) => {
      response.on("close", () => {
        closed = true;
      });
      response.writeHead(200, { "content-type": "image/jpeg" }).write(file);
    });
    const media = await client.downloadMedia("m", { limitBytes });
    media.stream.destroy();
    await once(media.stream, "close");
    await waitUntil("the connection is closed", () => closed);
  });
});
