import type { CardUpdate, StoredChunk, StoredReply } from "@gateway/conversation";
import { createTexts } from "@gateway/texts";
import type { WecomErrorKind } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import { describe, expect, it } from "@jest/globals";
import { endedRunCard } from "../cards/run-card.ts";
import { updateCards } from "./update-cards.ts";

const texts = createTexts("en");
const update: CardUpdate = endedRunCard(
  { turnId: "re-1", about: "hello" },
  { state: "done", elapsed: "3 min 12 s" },
  texts,
);

function error(errcode: number | undefined, kind: WecomErrorKind): WecomError {
  const about = { api: "message/update_template_card", app: "ww1/2", summary: "no", hint: "" };
  return new WecomError({
    ...about,
    code: `${errcode}`,
    kind,
    ...(errcode === undefined ? {} : { errcode }),
  });
}

function cardReply(chunk: Partial<StoredChunk> = {}): StoredReply {
  const sent = { state: "sent", attempts: 1, firstSentAtMs: 1, result: "msg-1", mark: undefined } as const;
  return {
    id: "no-re-1-card",
    kind: "notice",
    conversation: "ww1:2:zhangsan",
    messageIds: ["cb-1"],
    createdAtMs: 1,
    recalls: [],
    updates: [],
    chunks: [{ index: 0, body: "{}", ...sent, responseCode: "code-1", ...chunk }],
  };
}

/** What WeCom answers to one call after the other; nothing more means success. */
async function run(given: {
  reply?: StoredReply | undefined;
  answers?: WecomError[];
  updates?: CardUpdate[];
}) {
  const { answers = [], updates = [update] } = given;
  const reply = "reply" in given ? given.reply : cardReply();
  const used: string[] = [];
  const recalled: string[] = [];
  const warned: unknown[] = [];
  await updateCards(updates, {
    outbox: { read: async () => reply },
    async updateCard({ responseCode, userIds, change }) {
      expect(userIds).toEqual(["zhangsan"]);
      expect(change).toMatchObject({ buttonText: "Done" });
      used.push(responseCode);
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
    },
    recall: async (msgId) => void recalled.push(msgId),
    pause: async () => undefined,
    logger: { warn: (line: unknown) => void warned.push(line) } as never,
  });
  return { used, recalled, warned: warned.length };
}

describe("updateCards", () => {
  it("uses the code that was stored with the sent card", async () => {
    expect(await run({})).toEqual({ used: ["code-1"], recalled: [], warned: 0 });
  });

  it("prefers the code of the press, and takes the stored one when that is spent", async () => {
    const updates = [{ ...update, responseCode: "pressed" }];
    expect((await run({ updates })).used).toEqual(["pressed"]);
    const spent = await run({ updates, answers: [error(60140, "content")] });
    expect(spent).toEqual({ used: ["pressed", "code-1"], recalled: [], warned: 0 });
  });

  it("is content when an earlier worker has used the code up", async () => {
    expect(await run({ answers: [error(60140, "content")] })).toMatchObject({ used: ["code-1"], warned: 0 });
  });

  it("takes a code that is spent after a lost answer for its own success", async () => {
    const updates = [{ ...update, responseCode: "pressed" }];
    const answers = [error(undefined, "unknown"), error(60140, "content")];
    expect((await run({ updates, answers })).used).toEqual(["pressed", "pressed"]);
  });

  it("tries what passes three times, and gives up without failing anybody", async () => {
    const busy = () => error(-1, "busy");
    expect(await run({ answers: [busy(), busy()] })).toMatchObject({
      used: ["code-1", "code-1", "code-1"],
      warned: 0,
    });
    expect(await run({ answers: [busy(), busy(), busy()] })).toMatchObject({ warned: 1 });
    expect(await run({ answers: [error(45009, "rate")] })).toMatchObject({ used: ["code-1"], warned: 1 });
  });

  it("takes back what cannot be updated, where that is wished, and leaves the rest", async () => {
    const text = cardReply({ responseCode: undefined });
    expect((await run({ reply: text })).recalled).toEqual(["msg-1"]);
    const { orRecall: _, ...kept } = update;
    expect(await run({ reply: text, updates: [kept] })).toEqual({ used: [], recalled: [], warned: 0 });
  });

  it("does nothing for a card that was never sent, or of which nothing is known any more", async () => {
    const unsent = cardReply({ state: "pending", result: undefined, responseCode: undefined });
    expect(await run({ reply: unsent })).toEqual({ used: [], recalled: [], warned: 0 });
    expect(await run({ reply: undefined })).toEqual({ used: [], recalled: [], warned: 0 });
  });

  it("is not stopped by a card that this version cannot read", async () => {
    const updates = [{ ...update, card: { card_type: "of the future" } }, update];
    expect(await run({ updates })).toEqual({ used: ["code-1"], recalled: [], warned: 1 });
  });
});
