import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { createTranscriber, TranscribeError } from "./transcriber.ts";

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

let dir: string;
let server: Server;
let url: string;
let handles: Handle[];
let asked: number;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "transcriber-"));
  await writeFile(join(dir, "a.amr"), "#!AMR\nspoken");
  server = createServer((request, response) => {
    const handle = handles[Math.min(asked, handles.length - 1)];
    asked += 1;
    handle?.(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/audio/transcriptions`;
});
beforeEach(() => {
  asked = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true });
});

const json =
  (body: unknown, status = 200): Handle =>
  (_, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

function transcribe(...given: Handle[]) {
  handles = given;
  const ask = createTranscriber({ url, apiKey: "key-of-the-test", model: "whisper-1" }, 1);
  const voice = { path: join(dir, "a.amr"), name: "a.amr", mime: "audio/amr" };
  return ask(voice, new AbortController().signal);
}

describe("a transcription", () => {
  it("posts the file and the model with the key, and gives the text", async () => {
    let seen = "";
    const said = await transcribe((request, response) => {
      void text(request).then((body) => {
        seen = `${request.headers.authorization} ${body}`;
        json({ text: " 你好 " })(request, response);
      });
    });
    expect(said).toBe("你好");
    expect(seen).toMatch(/^Bearer key-of-the-test /);
    expect(seen).toContain('name="model"\r\n\r\nwhisper-1');
    expect(seen).toContain('name="file"; filename="a.amr"\r\nContent-Type: audio/amr\r\n\r\n#!AMR\nspoken');
  });

  it.each([429, 500, 503])("is asked for again after %i", async (status) => {
    expect(await transcribe(json({}, status), (request) => request.destroy(), json({ text: "yes" }))).toBe(
      "yes",
    );
    expect(asked).toBe(3);
  });

  it("is given up after three times", async () => {
    await expect(transcribe(json({}, 500))).rejects.toThrow(TranscribeError);
    expect(asked).toBe(3);
  });

  it.each<[string, Handle]>([
    ["a refusal", json({}, 401)],
    ["a redirect to elsewhere", (_, response) => response.writeHead(302, { location: "/other" }).end()],
    ["what is no JSON", (_, response) => response.end("<html>")],
    ["JSON without a text", json({ words: [] })],
    ["an empty text", json({ text: " " })],
    ["more than anybody says", (_, response) => response.end("x".repeat(300_000))],
  ])("fails on %s, without the key in the error", async (_, handle) => {
    const error = await transcribe(handle).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TranscribeError);
    expect(String(error)).not.toContain("key-of-the-test");
  });
});
