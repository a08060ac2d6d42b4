import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Downloaded } from "./download.ts";
import { DownloadError } from "./download.ts";
import type { GatherDeps } from "./gather-files.ts";
import { gatherFiles } from "./gather-files.ts";
import { createSpool, OUTGOING_DIR } from "./spool.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gather-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const GIF = Buffer.from("GIF89a, more or less");
const answers: Record<string, Omit<Downloaded, "stream"> & { body: Buffer }> = {
  "https://x.test/a.gif": { name: "a.gif", contentType: "text/plain", body: GIF },
  "https://x.test/a.svg": { name: "a.svg", contentType: "image/svg+xml", body: Buffer.from("<svg/>") },
  "https://x.test/gone": { name: "gone", contentType: "text/html", body: Buffer.from("<h1>Sorry</h1>") },
};

async function gather(text: string, given: Partial<GatherDeps> = {}) {
  const errors: unknown[] = [];
  const asked: string[] = [];
  const download = async (url: string) => {
    asked.push(url);
    const answer = answers[url];
    if (answer === undefined) throw new DownloadError("network");
    return { ...answer, stream: Readable.from([answer.body]) as Downloaded["stream"] };
  };
  const spool = createSpool(folder);
  const signal = new AbortController().signal;
  const deps = {
    spool,
    download,
    allowedDirs: [],
    urls: true,
    signal,
    onError: (e: unknown) => errors.push(e),
  };
  const gathered = await gatherFiles({ text, files: [] }, { ...deps, ...given });
  return { ...gathered, names: gathered.files.map(({ name }) => name), asked, errors };
}

describe("pictures by their address", () => {
  it("are taken out of the text when they were fetched", async () => {
    const text = "![one](https://x.test/a.gif) and ![two](https://x.test/a.svg)";
    expect(await gather(text)).toMatchObject({ text: " and", names: ["a.gif", "a.svg"], problems: [] });
  });

  it("are fetched once, however often they are shown", async () => {
    const { asked, names } = await gather("![](https://x.test/a.gif)\n![](https://x.test/a.gif)");
    expect({ asked, names }).toEqual({ asked: ["https://x.test/a.gif"], names: ["a.gif"] });
  });

  it("stay when they cannot be fetched or are none, and no copy is kept", async () => {
    const before = await readdir(join(folder, OUTGOING_DIR));
    const text = "![one](https://x.test/nowhere.png) and ![two](https://x.test/gone)";
    const gathered = await gather(text);
    expect(gathered).toMatchObject({ text, names: [], problems: [] });
    expect(gathered.errors).toEqual([new DownloadError("network"), new DownloadError("not_a_picture")]);
    expect(await readdir(join(folder, OUTGOING_DIR))).toEqual(before);
  });

  it("stay, and nothing is asked, where that is not switched on", async () => {
    const text = "![one](https://x.test/a.gif)";
    expect(await gather(text, { urls: false })).toMatchObject({ text, names: [], asked: [] });
  });
});

describe("files by their path", () => {
  it("that are not sent leave the text, unless it shows them as a picture", async () => {
    await writeFile(join(folder, "a.txt"), "content");
    const text = `A\nMEDIA:/etc/passwd\n![logo](/static/logo.png)\nMEDIA:${folder}/a.txt`;
    const gathered = await gather(text, { allowedDirs: [folder] });
    expect(gathered).toMatchObject({ text: "A\n![logo](/static/logo.png)", names: ["a.txt"] });
    expect(gathered.problems).toEqual([
      { ok: false, name: "passwd", why: "not_allowed" },
      { ok: false, name: "logo.png", why: "not_allowed" },
    ]);
  });

  it("are told of when the media directory cannot be written", async () => {
    const blocked = createSpool("/dev/null/nowhere");
    const gathered = await gather(`MEDIA:${folder}/a.txt`, { allowedDirs: [folder], spool: blocked });
    expect(gathered).toMatchObject({ names: [], problems: [{ name: "a.txt", why: "failed" }] });
    expect(gathered.errors).toHaveLength(1);
  });
});
