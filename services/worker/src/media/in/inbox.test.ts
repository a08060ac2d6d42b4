import { mkdtemp, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { TooLargeError } from "../store-stream.ts";
import { createInbox, INBOX_DIR } from "./inbox.ts";

const PERSON = "ww1:2:zhangsan";
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "inbox-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const file = (name: string, content: string | Error, limitBytes = 1000) => ({
  name: () => name,
  limitBytes,
  content: Readable.from(
    (function* () {
      if (content instanceof Error) {
        yield Buffer.from("the beginning");
        throw content;
      }
      yield Buffer.from(content);
    })(),
  ),
});

describe("an inbox", () => {
  it("keeps a file where only we can read it, and finds it again", async () => {
    const inbox = createInbox(dir);
    const stored = await inbox.store(PERSON, "m1", file("报告 1.txt", "content"));
    expect(stored).toMatchObject({ name: "报告 1.txt", sizeBytes: 7, kind: "other" });
    expect(await readFile(stored.path, "utf8")).toBe("content");
    expect((await stat(stored.path)).mode & 0o777).toBe(0o600);
    expect(await createInbox(dir).find(PERSON, "m1")).toEqual(stored);
    expect(stored.path).not.toContain("zhangsan");
  });

  it("knows nothing of other people's and other messages' files", async () => {
    const inbox = createInbox(dir);
    expect(await inbox.find("ww1:2:lisi", "m1")).toBeUndefined();
    expect(await inbox.find(PERSON, "m2")).toBeUndefined();
  });

  it.each(["../../escape.txt", "/etc/passwd", "..", ".bashrc", "a\0b.txt", "", "x".repeat(5000)])(
    "stays where it is, whatever the name: %j",
    async (name) => {
      const stored = await createInbox(dir).store(PERSON, `named ${name}`, file(name, "content"));
      expect(stored.path.startsWith(join(dir, INBOX_DIR))).toBe(true);
      expect(stored.path).not.toContain("..");
      expect(await readFile(stored.path, "utf8")).toBe("content");
    },
  );

  it("keeps the first of two that come at once", async () => {
    const inbox = createInbox(dir);
    const both = await Promise.all([
      inbox.store(PERSON, "twice", file("a.txt", "first")),
      inbox.store(PERSON, "twice", file("b.txt", "other")),
    ]);
    expect(both[0]).toEqual(both[1]);
  });

  it("leaves nothing behind of what is too large or breaks off", async () => {
    const inbox = createInbox(dir);
    await expect(inbox.store("ww1:2:wangwu", "m", file("a", "x".repeat(11), 10))).rejects.toThrow(
      TooLargeError,
    );
    const broken = new Error("connection lost");
    await expect(inbox.store("ww1:2:wangwu", "m", file("a", broken))).rejects.toThrow(broken);
    expect(await inbox.find("ww1:2:wangwu", "m")).toBeUndefined();
    const people = await readdir(join(dir, INBOX_DIR));
    const left = await Promise.all(people.map((person) => readdir(join(dir, INBOX_DIR, person))));
    expect(left.flat().filter((name) => name.includes("part"))).toEqual([]);
  });

  it("does not hand on a link", async () => {
    const inbox = createInbox(dir);
    const { path } = await inbox.store(PERSON, "linked", file("a.txt", "content"));
    await rm(path);
    await symlink("/etc/hostname", path);
    expect(await inbox.find(PERSON, "linked")).toBeUndefined();
  });
});
