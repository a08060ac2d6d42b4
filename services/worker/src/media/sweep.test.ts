import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { sweep } from "./sweep.ts";

const OLD = new Date(1_000_000_000_000);
const BEFORE_MS = OLD.getTime() + 1000;
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sweep-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function put(path: string, isOld: boolean) {
  const whole = join(dir, path);
  await mkdir(join(whole, ".."), { recursive: true });
  await writeFile(whole, "content");
  if (isOld) await utimes(whole, OLD, OLD);
}

const age = (path: string) => utimes(join(dir, path), OLD, OLD);

describe("sweep", () => {
  it("removes what is old, and people's directories when they are empty", async () => {
    await put("outgoing/old", true);
    await put("outgoing/new", false);
    await put("inbox/one/m1/a.txt", true);
    await put("inbox/one/m2/b.txt", false);
    await put("inbox/two/m3/c.txt", true);
    for (const path of ["inbox/one/m1", "inbox/one", "inbox/two/m3", "inbox/two"]) await age(path);
    expect(await sweep(dir, BEFORE_MS)).toBe(3);
    expect(await readdir(join(dir, "outgoing"))).toEqual(["new"]);
    expect(await readdir(join(dir, "inbox"))).toEqual(["one"]);
    expect(await readdir(join(dir, "inbox", "one"))).toEqual(["m2"]);
  });

  it("does not follow links", async () => {
    const outside = await mkdtemp(join(tmpdir(), "sweep-outside-"));
    await writeFile(join(outside, "precious"), "content");
    await utimes(join(outside, "precious"), OLD, OLD);
    await mkdir(join(dir, "inbox", "one"), { recursive: true });
    await symlink(outside, join(dir, "inbox", "person"));
    await symlink(outside, join(dir, "inbox", "one", "message"));
    await sweep(dir, Date.now() + 60_000);
    expect(await readdir(outside)).toEqual(["precious"]);
    await rm(outside, { recursive: true });
  });

  it("is content with a directory that is not there", async () => {
    expect(await sweep(join(dir, "nothing"), BEFORE_MS)).toBe(0);
  });
});
