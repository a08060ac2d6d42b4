import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { openAllowedFile } from "./allowed-file.ts";

let root: string;
let out: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "allowed-file-")));
  out = join(root, "out");
  await mkdir(join(out, "deep"), { recursive: true });
  await mkdir(join(root, "outside"));
  await writeFile(join(out, "a.txt"), "inside");
  await writeFile(join(out, "deep", "b.txt"), "deep");
  await writeFile(join(root, "secret.txt"), "secret");
  await writeFile(join(root, "out-of-it.txt"), "same beginning");
  await symlink(join(root, "secret.txt"), join(out, "link-out.txt"));
  await symlink(join(out, "a.txt"), join(out, "link-in.txt"));
  await symlink(join(root, "outside"), join(out, "dir-out"));
  await writeFile(join(root, "outside", "c.txt"), "outside");
  await symlink(out, join(root, "allowed-by-link"));
  execFileSync("mkfifo", [join(out, "pipe")]);
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function read(path: string, dirs = [out]) {
  const opened = await openAllowedFile(path, dirs);
  if (!opened.ok) return opened.why;
  const text = await opened.handle.readFile("utf8");
  await opened.handle.close();
  return text;
}

describe("openAllowedFile", () => {
  it("opens what is inside, also below, by a link that leads inside, or of a directory given by a link", async () => {
    expect(await read(join(out, "a.txt"))).toBe("inside");
    expect(await read(join(out, "deep", "b.txt"))).toBe("deep");
    expect(await read(`${out}/deep/../a.txt`)).toBe("inside");
    expect(await read(join(out, "link-in.txt"))).toBe("inside");
    expect(await read(join(root, "allowed-by-link", "a.txt"), [join(root, "allowed-by-link")])).toBe(
      "inside",
    );
  });

  it.each([
    ["above by ..", "out/../secret.txt"],
    ["a sibling with the same beginning", "out-of-it.txt"],
    ["a link that leads out", "out/link-out.txt"],
    ["a directory link that leads out", "out/dir-out/c.txt"],
    ["the directory's own name", "out"],
  ])("refuses %s", async (_, path) => {
    expect(await read(`${root}/${path}`)).toBe("not_allowed");
  });

  it("refuses everything where nothing is allowed, and says nothing of what exists", async () => {
    expect(await read(join(out, "a.txt"), [])).toBe("not_allowed");
    expect(await read("/etc/passwd")).toBe("not_allowed");
    expect(await read("/no/such/file")).toBe("not_allowed");
    expect(await read("/proc/self/environ")).toBe("not_allowed");
    expect(await read(join(out, "a.txt"), [join(root, "no-such-dir")])).toBe("not_allowed");
  });

  it("does not take relative paths or null bytes", async () => {
    expect(await read("a.txt")).toBe("not_allowed");
    expect(await read(`${out}/a.txt\0.png`)).toBe("not_allowed");
  });

  it("tells what is missing inside", async () => {
    expect(await read(join(out, "gone.txt"))).toBe("missing");
  });

  it("opens neither pipes nor directories nor devices, and does not hang on them", async () => {
    expect(await read(join(out, "pipe"))).toBe("not_a_file");
    expect(await read(join(out, "deep"))).toBe("not_a_file");
    expect(await read("/dev/zero", ["/dev"])).toBe("not_a_file");
  });

  it("does not follow a link in /proc that leads out", async () => {
    expect(await read("/proc/self/exe", ["/proc"])).toBe("not_allowed");
  });
});
