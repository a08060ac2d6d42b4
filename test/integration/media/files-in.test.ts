import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultRule } from "@gateway/wecom-emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { MediaGateway, Run } from "./harness.ts";
import { glance, startMediaGateway } from "./harness.ts";

type Turn = Parameters<Run>[0];

const PNG = Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.alloc(64, 7)]);
const AMR = Buffer.concat([Buffer.from("#!AMR\n"), Buffer.alloc(13 * 50, 0x04)]);
const MP4 = Buffer.from("000000186674797069736f6d00000200", "hex");
const THREE_DAYS_MS = 3 * 24 * 3600 * 1000;

let gateway: MediaGateway;
let speech: Server;
let heard: string | undefined;
let turns: Turn[] = [];
let users = 0;
const newUser = () => `user-${++users}`;

beforeAll(async () => {
  speech = createServer((request, response) => {
    request.resume();
    if (heard === undefined) response.writeHead(400).end();
    else response.end(JSON.stringify({ text: heard }));
  }).listen(0, "127.0.0.1");
  await once(speech, "listening");
  const { port } = speech.address() as AddressInfo;
  gateway = await startMediaGateway({
    TURN_QUIET_MS: "200",
    VOICE_TRANSCRIBE_URL: `http://127.0.0.1:${port}/v1/audio/transcriptions`,
  });
  gateway.agent(async (turn) => {
    turns.push(turn);
    return { status: "done", text: `answer ${turns.length}` };
  });
});
afterEach(() => {
  gateway.emulator.setFaults([]);
  turns = [];
});
afterAll(async () => {
  await gateway?.stop();
  speech?.closeAllConnections();
  speech?.close();
});

function addMedia(type: "image" | "voice" | "video" | "file", content: Buffer, filename: string): string {
  const contentType = "application/octet-stream";
  const { corpId } = gateway;
  return gateway.emulator.addMedia({ corpId, type, filename, contentType, content }).mediaId;
}

const download = (action: FaultRule["action"], times: FaultRule["times"]): FaultRule => ({
  match: { path: "media/get" },
  times,
  action,
});
const sendImage = async (user: string, content = PNG) => {
  const mediaId = addMedia("image", content, "photo.png");
  await gateway.accept(user, { kind: "image", mediaId, picUrl: "http://127.0.0.1:9/never" });
  return mediaId;
};

describe("what a person sends", () => {
  it("reaches the agent as a file, a turn of its own", async () => {
    const user = newUser();
    await sendImage(user);
    expect((await gateway.untilShown(user, 1)).map(glance)).toEqual(["answer 1"]);
    const [attachment] = turns[0]?.attachments ?? [];
    expect(attachment).toMatchObject({ kind: "image", name: "photo.png", mime: "image/png" });
    expect(turns[0]?.text).toBe(`[image] photo.png (${attachment?.path})`);
    expect(await readFile(attachment?.path ?? "")).toEqual(PNG);
    expect(attachment?.path.startsWith(gateway.mediaDir)).toBe(true);
  });

  it("is one turn with the words that follow it", async () => {
    const user = newUser();
    const mediaId = addMedia("file", Buffer.from("a,b\n1,2\n"), "x.csv");
    await gateway.accept(user, { kind: "file", mediaId, title: "数据.csv" });
    await gateway.accept(user, { kind: "video", mediaId: addMedia("video", MP4, "v.mp4") });
    await gateway.accept(user, { kind: "text", content: "What is in it?" });
    await gateway.untilShown(user, 1);
    expect(turns).toHaveLength(1);
    expect(turns[0]?.attachments.map(({ kind, name, mime }) => [kind, name, mime])).toEqual([
      ["file", "数据.csv", "text/csv"],
      ["video", "v.mp4", "video/mp4"],
    ]);
    expect(turns[0]?.text).toMatch(/^\[file\] 数据\.csv \(.+\)\n\[video\] v\.mp4 \(.+\)\nWhat is in it\?$/);
  });

  it("is fetched by its media id only, once", async () => {
    const before = gateway.emulator.calls({ path: "media/get" }).length;
    const user = newUser();
    await sendImage(user);
    await gateway.untilShown(user, 1);
    expect(gateway.emulator.calls({ path: "media/get" })).toHaveLength(before + 1);
  });
});

describe("a file that cannot be had", () => {
  it.each<[string, FaultRule["action"]]>([
    ["-1, busy", { type: "errcode", errcode: -1 }],
    ["an expired token", { type: "errcode", errcode: 42001 }],
    ["a 502", { type: "http", status: 502 }],
    ["a reset", { type: "reset_before" }],
    ["silence", { type: "hang" }],
  ])("for a moment, by %s, is fetched after all", async (_, action) => {
    gateway.emulator.setFaults([download(action, 2)]);
    const user = newUser();
    await sendImage(user);
    expect((await gateway.untilShown(user, 1)).map(glance)).toEqual(["answer 1"]);
    expect(turns[0]?.attachments).toHaveLength(1);
  });

  it("for longer makes the turn wait; the agent is not run without it, nor twice", async () => {
    gateway.emulator.setFaults([download({ type: "errcode", errcode: -1 }, "always")]);
    const user = newUser();
    const before = gateway.emulator.calls({ path: "media/get" }).length;
    await sendImage(user);
    const calls = () => gateway.emulator.calls({ path: "media/get" }).length - before;
    await waitUntil("the turn has been put off", () => calls() >= 3);
    expect(turns).toHaveLength(0);
    gateway.emulator.setFaults([]);
    await gateway.untilShown(user, 1);
    expect(turns).toHaveLength(1);
    expect(turns[0]).toMatchObject({ attempt: 1, attachments: [{ name: "photo.png" }] });
  });

  it("any more is told of, and the agent is not bothered", async () => {
    const user = newUser();
    const mediaId = addMedia("image", PNG, "photo.png");
    gateway.emulator.advanceClock(THREE_DAYS_MS);
    await gateway.accept(user, { kind: "image", mediaId, picUrl: "" });
    expect((await gateway.untilShown(user, 1)).map(glance)).toEqual([
      "⚠️ [image] has expired and cannot be downloaded. Please send it again.",
    ]);
    expect(turns).toEqual([]);
  });

  it("is told of beside the answer to the words that came with it", async () => {
    const user = newUser();
    await gateway.accept(user, { kind: "file", title: "old.pdf" });
    await gateway.accept(user, { kind: "text", content: "Please sum it up" });
    expect((await gateway.untilShown(user, 2)).map(glance)).toEqual([
      "⚠️ [file] could not be downloaded from WeCom. Please send it again.",
      "answer 1",
    ]);
    expect(turns[0]?.text).toBe("[file] could not be downloaded\nPlease sum it up");
  });
});

describe("a voice", () => {
  const speak = async (user: string) => {
    await gateway.accept(user, { kind: "voice", mediaId: addMedia("voice", AMR, "v.amr"), format: "amr" });
  };

  it("reaches the agent as what was said", async () => {
    heard = "明天天气怎么样";
    const user = newUser();
    await speak(user);
    await gateway.untilShown(user, 1);
    expect(turns[0]).toMatchObject({ text: "[voice] 明天天气怎么样", attachments: [{ kind: "voice" }] });
  });

  it("that was not understood is told of", async () => {
    heard = undefined;
    const user = newUser();
    await speak(user);
    expect((await gateway.untilShown(user, 1)).map(glance)).toEqual([
      "🙇 This voice message was not understood. Please send it again, or send text.",
    ]);
    expect(turns).toEqual([]);
  });
});

describe("a gateway without speech recognition", () => {
  it("says so in the app's language", async () => {
    const plain = await startMediaGateway({ WECOM_CALLBACK_LANGUAGE: "zh-CN" });
    try {
      const { corpId } = plain;
      const media = {
        corpId,
        type: "voice",
        filename: "v.amr",
        contentType: "audio/amr",
        content: AMR,
      } as const;
      const { mediaId } = plain.emulator.addMedia(media);
      await plain.accept("speaker", { kind: "voice", mediaId, format: "amr" });
      expect((await plain.untilShown("speaker", 1)).map(glance)).toEqual([
        "🙇 暂不支持语音消息，请改用文字发送。",
      ]);
    } finally {
      await plain.stop();
    }
  });
});
