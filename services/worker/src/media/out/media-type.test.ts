import { describe, expect, it } from "@jest/globals";
import { amrSeconds, sniffKind } from "../sniff.ts";
import { chooseMediaType, uploadName } from "./media-type.ts";

const head = (text: string) => sniffKind(Buffer.from(text, "latin1"));
const MB = 1024 * 1024;

describe("what a file is", () => {
  it.each([
    ["\xff\xd8\xff\xe0", "jpg"],
    ["\x89PNG\r\n\x1a\n....", "png"],
    ["GIF89a", "gif"],
    ["RIFF1234WEBPVP8 ", "webp"],
    ["#!AMR\n", "amr"],
    ["\0\0\0\x18ftypisom", "mp4"],
    ["\0\0\0\x18ftypmp42", "mp4"],
    ["\0\0\0\x18ftypqt  ", "other"],
    ["\0\0\0\x18ftypheic", "other"],
    ["#!AMR-WB\n", "other"],
    ["<html>", "other"],
    ["", "other"],
  ])("%j is %s", (bytes, kind) => {
    expect(head(bytes)).toBe(kind);
  });

  it("counts the seconds of a voice", () => {
    const frames = Array.from({ length: 150 }, () => Buffer.alloc(13, 0x04));
    expect(amrSeconds(Buffer.concat([Buffer.from("#!AMR\n"), ...frames]))).toBe(3);
  });
});

describe("how WeCom takes it", () => {
  it.each([
    [{ kind: "png", sizeBytes: 10 * MB }, "image"],
    [{ kind: "png", sizeBytes: 10 * MB + 1 }, "file"],
    [{ kind: "gif", sizeBytes: 100 }, "file"],
    [{ kind: "amr", sizeBytes: 100, seconds: 60 }, "voice"],
    [{ kind: "amr", sizeBytes: 100, seconds: 60.1 }, "file"],
    [{ kind: "amr", sizeBytes: 2 * MB + 1 }, "file"],
    [{ kind: "mp4", sizeBytes: 10 * MB }, "video"],
    [{ kind: "mp4", sizeBytes: 10 * MB + 1 }, "file"],
    [{ kind: "other", sizeBytes: 20 * MB }, "file"],
  ] as const)("%j goes as %s", (facts, type) => {
    expect(chooseMediaType(facts, false)).toBe(type);
  });

  it("sends pictures as files where that is asked for", () => {
    expect(chooseMediaType({ kind: "jpg", sizeBytes: 100 }, true)).toBe("file");
    expect(chooseMediaType({ kind: "mp4", sizeBytes: 100 }, true)).toBe("video");
  });
});

describe("its name", () => {
  it.each([
    ["图.png", "png", "image", "图.png"],
    ["photo.JPEG", "jpg", "image", "photo.JPEG"],
    ["chart.jpg", "png", "image", "chart.png"],
    ["chart", "png", "image", "chart.png"],
    ["chart", "png", "file", "chart.png"],
    ["chart.dat", "png", "file", "chart.dat"],
    ["film.m4v", "mp4", "video", "film.mp4"],
    ["report.pdf", "other", "file", "report.pdf"],
    ["../../etc/passwd", "other", "file", "passwd"],
    ['a"b\r\n.txt', "other", "file", "a_b.txt"],
  ] as const)("%j as %s in a message of type %s is %j", (name, kind, type, shown) => {
    expect(uploadName(name, kind, type)).toBe(shown);
  });
});
