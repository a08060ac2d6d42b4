import { once } from "node:events";
import { readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FaultRule } from "@gateway/wecom-emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { MediaGateway, Run } from "./harness.ts";
import { glance, startMediaGateway } from "./harness.ts";

const PNG = Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.alloc(64, 7)]);
const THREE_DAYS_MS = 3 * 24 * 3600 * 1000;

let gateway: MediaGateway;
let users = 0;

beforeAll(async () => {
  gateway = await startMediaGateway({ AGENT_MEDIA_URLS: "true" });
  await writeFile(join(gateway.out, "chart.png"), PNG);
  await writeFile(join(gateway.out, "table.csv"), "a,b\n1,2\n");
});
afterEach(() => gateway.emulator.setFaults([]));
afterAll(() => gateway?.stop());

type Answer = Omit<Extract<Awaited<ReturnType<Run>>, { status: "done" }>, "status">;

/** A person asks, the agent gives this answer. Returns the person. */
async function ask(answer: Answer): Promise<string> {
  const user = `user-${++users}`;
  gateway.agent(async () => ({ status: "done", ...answer }));
  await gateway.accept(user, { kind: "text", content: "go" });
  return user;
}

const shown = async (user: string, count: number) => (await gateway.untilShown(user, count)).map(glance);
const uploads = () => gateway.emulator.calls({ path: "media/upload" }).length;
const upload = (action: FaultRule["action"], times: FaultRule["times"] = 1): FaultRule => ({
  match: { path: "media/upload" },
  times,
  action,
});

describe("files of a reply", () => {
  it("follow the text, whole, and their tags are gone from it", async () => {
    const { out } = gateway;
    const user = await ask({ text: `# Done\n\nMEDIA:${out}/chart.png\n![](${out}/table.csv)\n\nSee above.` });
    expect(await shown(user, 3)).toEqual([
      expect.stringContaining("Done"),
      "image chart.png",
      "file table.csv",
    ]);
    const [text, image, file] = gateway.screen(user);
    expect(text && glance(text)).not.toMatch(/MEDIA|!\[|\/out/);
    expect(gateway.contentOf(image)?.content).toEqual(PNG);
    expect(gateway.contentOf(file)?.content.toString()).toBe("a,b\n1,2\n");
  });

  it("may come beside the text, by path or by content, each once, also without any text", async () => {
    const path = join(gateway.out, "table.csv");
    const files = [{ path }, { name: "图.png", content: PNG }, { path }];
    const user = await ask({ text: `MEDIA:${path}`, files });
    expect(await shown(user, 2)).toEqual(["file table.csv", "image 图.png"]);
    await gateway.untilSettled(user);
    expect(gateway.screen(user)).toHaveLength(2);
  });

  it("go as files where the agent says so", async () => {
    const user = await ask({ text: `[[as_document]]\nMEDIA:${gateway.out}/chart.png` });
    expect(await shown(user, 1)).toEqual(["file chart.png"]);
  });

  it("that are not allowed, missing, empty or too large are told of, and the reply arrives", async () => {
    const { out } = gateway;
    await symlink("/etc/hostname", join(out, "link.txt"));
    await writeFile(join(out, "empty.txt"), "");
    await writeFile(join(out, "large.bin"), Buffer.alloc(20 * 1024 * 1024 + 1));
    const names = ["gone.png", "link.txt", "empty.txt", "large.bin"].map((name) => `MEDIA:${out}/${name}`);
    const user = await ask({
      text: `The answer.\nMEDIA:/etc/passwd\n${names.join("\n")}\nMEDIA:${out}/table.csv`,
    });
    const [text, file] = await shown(user, 2);
    expect(text?.split("\n")).toEqual([
      "The answer.",
      "",
      "⚠️ File not sent: passwd (not in a directory that the administrator allowed)",
      "⚠️ File not sent: gone.png (there is no such file)",
      "⚠️ File not sent: link.txt (not in a directory that the administrator allowed)",
      "⚠️ File not sent: empty.txt (it is empty or too small)",
      "⚠️ File not sent: large.bin (over WeCom's limit of 20 MB)",
    ]);
    expect(file).toBe("file table.csv");
  });

  it("are ten at most", async () => {
    const files = Array.from({ length: 13 }, (_, index) => ({
      name: `${index}.txt`,
      content: Buffer.from(`file ${index}`),
    }));
    const user = await ask({ text: "Many.", files });
    const seen = await shown(user, 11);
    expect(seen[0]).toContain("3 more files were not sent: a reply has 10 at most");
    expect(seen.slice(1)).toEqual(files.slice(0, 10).map(({ name }) => `file ${name}`));
  });

  it("are not fetched from where only the worker gets: the address stays in the text", async () => {
    let visits = 0;
    const inner = createServer((_, response) => {
      visits += 1;
      response.end("secret");
    }).listen(0, "127.0.0.1");
    await once(inner, "listening");
    const { port } = inner.address() as AddressInfo;
    const user = await ask({
      text: `Look: ![x](http://127.0.0.1:${port}/a.png) ![y](http://localhost:${port}/b.png)`,
    });
    const [text] = await shown(user, 1);
    inner.close();
    expect(text).toContain(`127.0.0.1:${port}/a.png`);
    expect(text).toContain(`localhost:${port}/b.png`);
    expect(visits).toBe(0);
  });
});

describe("an upload", () => {
  const faults: [string, FaultRule["action"]][] = [
    ["-1, busy", { type: "errcode", errcode: -1 }],
    ["a 502 with HTML", { type: "http", status: 502 }],
    ["a reset before", { type: "reset_before" }],
    ["a reset after", { type: "reset_after" }],
    ["silence", { type: "hang" }],
    ["half an answer", { type: "truncate_json" }],
    ["an expired token", { type: "errcode", errcode: 42001 }],
  ];

  it.each(faults)(
    "that meets %s is made later: the file arrives once, behind its text",
    async (_, action) => {
      gateway.emulator.setFaults([upload(action, 2)]);
      const user = await ask({ text: `Here.\nMEDIA:${gateway.out}/chart.png` });
      expect(await shown(user, 2)).toEqual(["Here.", "image chart.png"]);
      await gateway.untilSettled(user);
      expect(gateway.screen(user)).toHaveLength(2);
    },
  );

  it("sends what was there when the agent named it, although it is another by then", async () => {
    gateway.emulator.setFaults([upload({ type: "errcode", errcode: -1 }, 2)]);
    const before = uploads();
    const path = join(gateway.out, "brief.txt");
    await writeFile(path, "the first version");
    const user = await ask({ text: `MEDIA:${path}` });
    await waitUntil("it was tried", () => uploads() > before);
    await writeFile(path, "another version");
    const [message] = await gateway.untilShown(user, 1);
    expect(gateway.contentOf(message)?.content.toString()).toBe("the first version");
  });

  it("that WeCom refuses as a picture goes as a file", async () => {
    gateway.emulator.setFaults([upload({ type: "errcode", errcode: 40123 })]);
    const user = await ask({ text: `MEDIA:${gateway.out}/chart.png` });
    expect(await shown(user, 1)).toEqual(["file chart.png"]);
  });

  it("that WeCom refuses for good is told of", async () => {
    gateway.emulator.setFaults([upload({ type: "errcode", errcode: 40004 }, "always")]);
    const user = await ask({ text: `Here.\nMEDIA:${gateway.out}/table.csv` });
    expect(await shown(user, 1)).toEqual(["Here.\n\n⚠️ File not sent: table.csv (WeCom refused it)"]);
  });

  it("whose copy is gone by the time it could be made ends with a true reason", async () => {
    gateway.emulator.setFaults([upload({ type: "errcode", errcode: -1 }, "always")]);
    const user = await ask({ text: `Here.\nMEDIA:${gateway.out}/table.csv` });
    expect(await shown(user, 1)).toEqual(["Here."]);
    const spool = join(gateway.mediaDir, "outgoing");
    for (const name of await readdir(spool)) await rm(join(spool, name));
    expect(await gateway.untilDead(user)).toMatchObject({
      what: "reply",
      code: "media_gone",
      reason: expect.stringContaining("GATEWAY_MEDIA_DIR"),
    });
  });
});

describe("a media id that WeCom does not know any more", () => {
  const refuse = (times: FaultRule["times"]): FaultRule => ({
    match: { path: "message/send", msgType: "image" },
    times,
    action: { type: "errcode", errcode: 40007 },
  });

  it("is replaced by a new one, once", async () => {
    gateway.emulator.setFaults([refuse(1)]);
    const before = uploads();
    const user = await ask({ text: `MEDIA:${gateway.out}/chart.png` });
    expect(await shown(user, 1)).toEqual(["image chart.png"]);
    await gateway.untilSettled(user);
    expect(uploads() - before).toBe(2);
  });

  it("is not replaced for ever", async () => {
    gateway.emulator.setFaults([refuse("always")]);
    const before = uploads();
    const user = await ask({ text: `Here.\nMEDIA:${gateway.out}/chart.png` });
    expect(await gateway.untilDead(user)).toMatchObject({ code: "errcode_40007" });
    expect(uploads() - before).toBe(2);
    await gateway.untilSettled(user);
    expect(gateway.screen(user).map(glance)).toEqual([
      "Here.",
      expect.stringMatching(/^⚠️ WeCom did not take the answer, or a part of it/),
    ]);
  });

  it("because three days have passed is replaced too", async () => {
    const held: FaultRule = {
      match: { path: "message/send", msgType: "image" },
      times: 1,
      action: { type: "errcode", errcode: -1 },
    };
    gateway.emulator.setFaults([held]);
    const user = await ask({ text: `Here.\nMEDIA:${gateway.out}/chart.png` });
    await shown(user, 1);
    gateway.emulator.advanceClock(THREE_DAYS_MS);
    expect(await shown(user, 2)).toEqual(["Here.", "image chart.png"]);
  });
});

describe("a reply of more messages than the app allows", () => {
  const paragraphs = Array.from({ length: 30 }, (_, index) => `第 ${index + 1} 段。${"企业微信".repeat(80)}`);

  it("goes as a file with its beginning before it", async () => {
    const user = await ask({ text: `${paragraphs.join("\n\n")}\n\nMEDIA:${gateway.out}/table.csv` });
    const [text, whole, file] = await shown(user, 3);
    expect(text).toMatch(/^第 1 段。[\s\S]*full text is in the file/);
    expect([whole, file]).toEqual(["file full reply.txt", "file table.csv"]);
    expect(gateway.contentOf(gateway.screen(user)[1])?.content.toString().trim()).toBe(
      paragraphs.join("\n\n"),
    );
  });

  it("goes in messages when the file cannot be uploaded", async () => {
    gateway.emulator.setFaults([upload({ type: "errcode", errcode: -1 }, "always")]);
    const user = await ask({ text: paragraphs.join("\n\n") });
    const seen = await shown(user, 15);
    expect(seen.join("\n\n")).toBe(paragraphs.join("\n\n"));
  });
});
