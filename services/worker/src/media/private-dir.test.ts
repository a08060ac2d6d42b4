import { chmod, mkdir, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { makePrivateDir } from "./private-dir.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "private-dir-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe("makePrivateDir", () => {
  it("makes what is missing, for us alone, and is content with what is there", async () => {
    const dir = await makePrivateDir(join(root, "a", "media"), "inbox", "someone");
    expect(dir).toBe(join(root, "a", "media", "inbox", "someone"));
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(await makePrivateDir(join(root, "a", "media"), "inbox", "someone")).toBe(dir);
  });

  it("puts nothing where everybody may write", async () => {
    const open = join(root, "open");
    await mkdir(open);
    await chmod(open, 0o777);
    await expect(makePrivateDir(open, "inbox")).rejects.toThrow("GATEWAY_MEDIA_DIR");
  });

  it("does not follow a link that somebody put there", async () => {
    const media = join(root, "linked");
    await mkdir(media);
    await symlink(root, join(media, "inbox"));
    await expect(makePrivateDir(media, "inbox")).rejects.toThrow("no directory");
  });
});
