import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { AgentMessage } from "../../../services/worker/src/runners/agent-messages.ts";
import type { WorkerHarness } from "./harness.ts";
import { startHarness } from "./harness.ts";

// Retires the risk that a card of an agent's never arrives, arrives at the wrong place, or takes the answer with it.

const news: AgentMessage = {
  msgtype: "news",
  news: { articles: [{ title: "Report", description: "Q3", url: "https://example.com/q3" }] },
};
const vote: AgentMessage = {
  msgtype: "template_card",
  template_card: {
    card_type: "vote_interaction",
    main_title: { title: "Lunch?" },
    task_id: "lunch-1",
    checkbox: {
      question_key: "q",
      option_list: [
        { id: "a", text: "Noodles" },
        { id: "b", text: "Rice" },
      ],
    },
    submit_button: { text: "Vote", key: "lunch" },
  },
};
const notice: AgentMessage = {
  msgtype: "miniprogram_notice",
  miniprogram_notice: { appid: "wx1", title: "审批提醒", content_item: [{ key: "单号", value: "1" }] },
};
const broken = { ...vote, template_card: { ...vote.template_card, task_id: "not allowed!" } };

const ANSWERS: Readonly<Record<string, { text: string; messages: AgentMessage[]; files?: boolean }>> = {
  all: { text: "Here it is:", messages: [news, vote, notice], files: true },
  alone: { text: "", messages: [vote] },
  broken: { text: "Vote please", messages: [broken, news] },
};

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await startHarness({
    run: async ({ text }) => {
      const answer = ANSWERS[text];
      if (answer === undefined) return { status: "done", text: `re: ${text}` };
      const files = answer.files ? [{ name: "q3.txt", content: Buffer.from("0123456789") }] : [];
      return { status: "done", text: answer.text, messages: answer.messages, files };
    },
  });
});
afterAll(() => harness.stop());

describe("messages of an agent's", () => {
  it("arrive between its text and its files, in order", async () => {
    await harness.say("main", "anna", "all");
    await harness.say("main", "anna", "next");
    await harness.hears("anna", /re: next/);
    expect(harness.texts({ user: "anna" })).toEqual([
      "Here it is:",
      "news",
      "template_card",
      "miniprogram_notice",
      "file",
      "re: next",
    ]);
  });

  it("are an answer without a text, and what is chosen comes back to the agent", async () => {
    await harness.say("main", "bert", "alone");
    await harness.hears("bert", /^template_card$/);
    await harness.accept("main", "bert", {
      kind: "event",
      event: "template_card_event",
      eventKey: "lunch",
      taskId: "lunch-1",
      cardType: "vote_interaction",
      selectedItems: [{ questionKey: "q", optionIds: ["b"] }],
    });
    await harness.hears("bert", /re: lunch\nq: b/);
  });

  it("that WeCom would refuse are left out, and the person is told", async () => {
    await harness.say("main", "carl", "broken");
    await harness.hears("carl", /^news$/);
    expect(harness.texts({ user: "carl" })).toEqual([
      expect.stringMatching(/^Vote please\n\n.*not sent.*: 1$/s),
      "news",
    ]);
    expect(await harness.deadLetters()).toEqual([]);
  });
});
