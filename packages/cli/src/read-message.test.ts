import { describe, expect, it } from "@jest/globals";
import type { SendFlags } from "./read-message.ts";
import { readMessage } from "./read-message.ts";

const text = { msgtype: "text", text: { content: "hi" } };

describe("the flags of send", () => {
  it.each<[SendFlags, unknown]>([
    [
      { to: "ww1/2/zhangsan", text: "hi" },
      { to: { user: "ww1/2/zhangsan" }, message: text },
    ],
    [
      { to: "zhangsan", text: "hi" },
      { to: { user: "zhangsan" }, message: text },
    ],
    [
      { to: "@all", app: "sales", text: "hi" },
      { to: { all: true, app: "sales" }, message: text },
    ],
    [
      { to: "party:1,2", text: "hi" },
      { to: { party: ["1", "2"] }, message: text },
    ],
    [
      { to: "tag:3", app: "ww1/2", text: "hi" },
      { to: { tag: ["3"], app: "ww1/2" }, message: text },
    ],
    [
      { to: "chat:team1", app: "sales", text: "hi" },
      { to: { chat: "team1", app: "sales" }, message: text },
    ],
    [
      { to: "x", markdown: "**hi**" },
      { to: { user: "x" }, message: { msgtype: "markdown", markdown: { content: "**hi**" } } },
    ],
    [
      { to: "x", message: '{"msgtype":"image"}' },
      { to: { user: "x" }, message: { msgtype: "image" } },
    ],
    [
      { to: "x", text: "-" },
      { to: { user: "x" }, message: { msgtype: "text", text: { content: "a\nb" } } },
    ],
  ])("%j", async (flags, expected) => {
    expect(await readMessage(flags, async () => "a\nb\n")).toEqual(expected);
  });

  it.each<[SendFlags, string]>([
    [{ text: "hi" }, "--to"],
    [{ to: "x" }, "one of --text"],
    [{ to: "x", text: "a", markdown: "b" }, "one of --text"],
    [{ to: "x", text: "a", app: "sales" }, "--app"],
    [{ to: "x", message: "{half" }, "JSON"],
  ])("%j is a mistake", async (flags, words) => {
    await expect(readMessage(flags, async () => "")).rejects.toThrow(words);
  });
});
