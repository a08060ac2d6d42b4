import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Answer, Running } from "./harness.ts";
import { APP, SIBLING, STRANGER, startEmulator } from "./harness.ts";

let wecom: Running;
beforeEach(async () => {
  wecom = await startEmulator();
});
afterEach(() => wecom.emulator.close());

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const MP4 = Buffer.from("000000186674797069736f6d00000200", "hex");
const amr = (seconds: number) =>
  Buffer.concat([
    Buffer.from("#!AMR\n"),
    ...Array.from({ length: seconds * 50 }, () => Buffer.alloc(13, 0x04)),
  ]);

async function upload(type: string, content: Buffer, filename = "f.bin", app = APP): Promise<Answer> {
  const form = new FormData();
  form.set("media", new Blob([new Uint8Array(content)]), filename);
  const query = new URLSearchParams({ access_token: await wecom.token(app), type });
  const response = await fetch(`${wecom.url}/cgi-bin/media/upload?${query}`, { method: "POST", body: form });
  return (await response.json()) as Answer;
}

async function download(
  mediaId: unknown,
  headers: Record<string, string> = {},
  app = APP,
): Promise<Response> {
  const query = new URLSearchParams({ access_token: await wecom.token(app), media_id: String(mediaId) });
  return fetch(`${wecom.url}/cgi-bin/media/get?${query}`, { headers });
}

/** A header's bytes, read as the UTF-8 that WeCom puts there; fetch guesses differently from client to client. */
function rawHeader(url: string, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, (response) => {
      response.resume();
      resolve(Buffer.from(String(response.headers[name]), "latin1").toString("utf8"));
    })
      .on("error", reject)
      .end();
  });
}

describe("upload", () => {
  it("answers an id and its time, as a string", async () => {
    expect(await upload("image", PNG)).toMatchObject({
      errcode: 0,
      type: "image",
      media_id: expect.any(String),
      created_at: expect.stringMatching(/^\d{10}$/),
    });
  });

  it.each<[string, Buffer, number]>([
    ["sticker", PNG, 40005],
    ["file", Buffer.alloc(5), 40006],
    ["image", Buffer.alloc(100), 40123],
    ["image", Buffer.concat([PNG, Buffer.alloc(10 << 20)]), 45001],
    ["voice", Buffer.alloc(100), 40004],
    ["voice", amr(61), 45007],
    ["video", Buffer.alloc(100), 40004],
    ["file", Buffer.alloc((20 << 20) + 1), 45001],
    ["file", Buffer.alloc(22 << 20), 45001],
    ["file", Buffer.alloc(20 << 20), 0],
    ["voice", amr(60), 0],
    ["video", MP4, 0],
    ["file", Buffer.alloc(6), 0],
  ])("of type %s, case %#, answers %3$i", async (type, content, errcode) => {
    expect((await upload(type, content)).errcode).toBe(errcode);
  });

  it("refuses an empty body before it looks at the token", async () => {
    expect((await wecom.post("media/upload", "", { access_token: "bad" })).errcode).toBe(44001);
    expect((await wecom.post("media/upload", "x", { access_token: "bad" })).errcode).toBe(40014);
  });
});

describe("download", () => {
  it("gives the bytes with name and length, to every app of the corp and to no other corp", async () => {
    const { media_id } = await upload("image", PNG, "图 1.png");
    const response = await download(media_id, {}, SIBLING);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG);
    expect(response.headers.get("content-length")).toBe(String(PNG.length));
    const disposition = await rawHeader(response.url, "content-disposition");
    expect(disposition).toBe('attachment; filename="图 1.png"');
    expect(await (await download(media_id, {}, STRANGER)).json()).toMatchObject({ errcode: 40007 });
  });

  it("answers errors as JSON with HTTP 200", async () => {
    const response = await download("no-such-id");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toMatchObject({ errcode: 40007 });
    expect((await wecom.get("media/get", { access_token: await wecom.token() })).errcode).toBe(41006);
  });

  it("gives a range with 206", async () => {
    const { media_id } = await upload("image", PNG);
    const response = await download(media_id, { range: "bytes=2-5" });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes 2-5/${PNG.length}`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG.subarray(2, 6));
  });

  it("is over after three days, for reading and for sending", async () => {
    const { media_id } = await upload("file", Buffer.from("a report"), "report.txt");
    const sendFile = () => wecom.send("", { msgtype: "file", file: { media_id } });
    wecom.emulator.advanceClock(3 * 86_400_000 - 1);
    expect((await sendFile()).errcode).toBe(0);
    wecom.emulator.advanceClock(1);
    expect((await sendFile()).errcode).toBe(40007);
    expect(await (await download(media_id)).json()).toMatchObject({ errcode: 40007 });
  });

  it("is not enough to send an id as another type", async () => {
    const { media_id } = await upload("file", Buffer.from("a report"));
    expect((await wecom.send("", { msgtype: "image", image: { media_id } })).errcode).toBe(40007);
  });
});
