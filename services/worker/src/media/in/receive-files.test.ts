import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { InboundMessage } from "@gateway/conversation";
import type { WecomErrorKind } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createInbox } from "./inbox.ts";
import type { ReceiveDeps } from "./receive-files.ts";
import { receiveFiles } from "./receive-files.ts";

const NOW = 1_700_000_000_000;
const PNG = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(20)]);
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "receive-files-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

let count = 0;
function message(content: object, agoMs = 0): InboundMessage {
  const common = {
    toUserName: "ww1",
    fromUserName: "u",
    createTime: 0,
    agentId: "2",
    msgId: String(++count),
  };
  return {
    ...{ v: 1, id: `cb-${count}`, appName: "a", corpId: "ww1", agentId: "2", userId: "u" },
    receivedAtMs: NOW - agoMs,
    message: { ...common, ...content } as InboundMessage["message"],
  };
}
const image = (agoMs = 0) =>
  message({ kind: "image", mediaId: "media-1", picUrl: "http://127.0.0.1/pic" }, agoMs);

function error(kind: WecomErrorKind, code: string = kind, errcode?: number): WecomError {
  return new WecomError({ kind, code, errcode, api: "media/get", app: "b", summary: "s", hint: "h" });
}

type Download = Buffer | Error;

async function receive(one: InboundMessage, answers: Download[], given: Partial<ReceiveDeps> = {}) {
  const asked: string[] = [];
  const downloadMedia = async (mediaId: string) => {
    asked.push(mediaId);
    const answer = answers.shift();
    if (!Buffer.isBuffer(answer)) throw answer;
    return { filename: "f", contentType: "text/html", stream: Readable.from([answer]) };
  };
  const received = await receiveFiles("ww1:2:u", [one], {
    client: { downloadMedia },
    inbox: createInbox(dir),
    transcribe: undefined,
    logger: pino({ level: "silent" }),
    now: () => NOW,
    signal: new AbortController().signal,
    pausesMs: [1, 1],
    ...given,
  });
  return { asked, result: received === "later" ? received : received.get(one.id) };
}

describe("a file of a message", () => {
  it("is fetched by its media id and described by its content", async () => {
    const { result, asked } = await receive(image(), [PNG]);
    expect(asked).toEqual(["media-1"]);
    expect(result).toMatchObject({
      status: "file",
      attachment: { kind: "image", name: "f.png", mime: "image/png", sizeBytes: PNG.length },
    });
    if (result === "later" || result?.attachment === undefined) throw new Error("no file");
    expect(await readFile(result.attachment.path)).toEqual(PNG);
  });

  it("leaves no transfer open when there is no place to store it", async () => {
    const stream = Readable.from([PNG]);
    const inbox = {
      find: async () => undefined,
      store: () => Promise.reject(new Error("the disk is full")),
    };
    const downloadMedia = async () => ({ filename: "f", contentType: "text/html", stream });
    const { result } = await receive(image(), [], { inbox, client: { downloadMedia } });
    expect(result).toBe("later");
    expect(stream.destroyed).toBe(true);
  });

  it("is not fetched again when the turn runs again", async () => {
    const one = image();
    const first = await receive(one, [PNG]);
    expect(await receive(one, [])).toEqual({ asked: [], result: first.result });
  });

  it("bears the name that the person gave it", async () => {
    const file = message({ kind: "file", mediaId: "m", title: "../季度.pdf" });
    expect((await receive(file, [Buffer.from("%PDF-1.7")])).result).toMatchObject({
      attachment: { name: "季度.pdf", mime: "application/pdf" },
    });
  });

  it.each(["busy", "token", "rate", "not_sent", "unknown"] as const)(
    "is asked for again on %s",
    async (kind) => {
      const { result, asked } = await receive(image(), [error(kind), error(kind), PNG]);
      expect(asked).toHaveLength(3);
      expect(result).toMatchObject({ status: "file" });
    },
  );

  it.each(["busy", "unknown", "configuration", "credentials"] as const)(
    "makes the turn wait on lasting %s, and is given up when that lasts",
    async (kind) => {
      const lasting = () => [error(kind), error(kind), error(kind)];
      expect((await receive(image(), lasting())).result).toBe("later");
      expect((await receive(image(9 * 60_000), lasting())).result).toBe("later");
      expect((await receive(image(11 * 60_000), lasting())).result).toEqual({
        status: "trouble",
        why: "unavailable",
      });
    },
  );

  it.each([
    [error("content", "errcode_40007", 40007), "expired"],
    [error("content", "media_too_large"), "too_large"],
    [error("content", "errcode_830002", 830002), "unavailable"],
  ])("that cannot be had for good is told of at once: %s", async (thrown, why) => {
    const { result, asked } = await receive(image(), [thrown]);
    expect({ result, tries: asked.length }).toEqual({ result: { status: "trouble", why }, tries: 1 });
  });

  it("without a media id cannot be had", async () => {
    const { result, asked } = await receive(message({ kind: "file", title: "a.txt" }), []);
    expect({ result, asked }).toEqual({ result: { status: "trouble", why: "unavailable" }, asked: [] });
  });

  it("is left to the next worker when this one stops", async () => {
    const stopping = AbortSignal.abort("shutdown");
    const { result } = await receive(image(), [error("busy")], { signal: stopping });
    expect(result).toBe("later");
  });
});

describe("a voice", () => {
  const voice = () => message({ kind: "voice", mediaId: "m", format: "amr" });
  const AMR = Buffer.from("#!AMR\nspoken words");

  it("is what was said, where speech is recognised", async () => {
    const transcribe = async ({ name }: { name: string }) => `said in ${name}`;
    expect((await receive(voice(), [AMR], { transcribe })).result).toMatchObject({
      status: "file",
      said: "said in f.amr",
      attachment: { kind: "voice", mime: "audio/amr" },
    });
  });

  it("is told of where it is not, and where it was not understood", async () => {
    expect((await receive(voice(), [AMR])).result).toMatchObject({ why: "voice_unsupported" });
    const transcribe = () => Promise.reject(new Error("mumbling"));
    expect((await receive(voice(), [AMR], { transcribe })).result).toMatchObject({
      why: "voice_not_understood",
      attachment: { kind: "voice" },
    });
  });
});

it("messages without files cost nothing", async () => {
  const text = message({ kind: "text", content: "hello" });
  expect(await receive(text, [])).toEqual({ asked: [], result: undefined });
});
