import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Receiver, Running } from "./harness.ts";
import { APP, SIBLING, startEmulator, startReceiver } from "./harness.ts";

let wecom: Running;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver(APP);
  wecom = await startEmulator({ apps: [{ ...APP, callbackUrl: receiver.url }, SIBLING] });
});
afterEach(async () => {
  await wecom.emulator.close();
  await receiver.close();
});

const CARD = {
  card_type: "button_interaction",
  task_id: "task-1",
  main_title: { title: "Deploy?" },
  button_list: [
    { text: "Yes", key: "yes" },
    { text: "No", key: "no" },
  ],
};
const sendCard = (template_card: unknown, more = {}) =>
  wecom.send("", { msgtype: "template_card", template_card, ...more });
const update = async (body: Record<string, unknown>, app = APP) =>
  wecom.post(
    "message/update_template_card",
    { userids: ["zhangsan"], agentid: Number(app.agentId), ...body },
    { access_token: await wecom.token(app) },
  );
const shown = () =>
  wecom.emulator.chat({ app: APP.name, user: "zhangsan" }).find(({ side }) => side === "app")?.content;

describe("response codes", () => {
  it("allow one update, by the app that sent the card", async () => {
    const { response_code } = await sendCard(CARD);
    const button = { replace_name: "Done" };
    expect((await update({ response_code, button }, SIBLING)).errcode).toBe(60140);
    expect(await update({ response_code, button, userids: ["ZhangSan", "Nobody"] })).toMatchObject({
      errcode: 0,
      invaliduser: "nobody",
    });
    expect(shown()).toMatchObject({ replacedButton: "Done" });
    expect((await update({ response_code, button })).errcode).toBe(60140);
  });

  it("die after 72 hours, and survive a request that was wrong", async () => {
    const { response_code } = await sendCard(CARD);
    expect((await update({ response_code })).errcode).toBe(40058);
    wecom.emulator.advanceClock(72 * 3_600_000 - 1);
    expect((await update({ response_code, template_card: { ...CARD, card_type: "nonsense" } })).errcode).toBe(
      42031,
    );
    wecom.emulator.advanceClock(1);
    expect((await update({ response_code, button: { replace_name: "late" } })).errcode).toBe(60140);
  });

  it("come with every press of a button, with task, key and choice", async () => {
    const { msgid } = await sendCard(CARD);
    await wecom.emulator.push({
      app: APP.name,
      user: "zhangsan",
      content: { type: "template_card_event", msgId: String(msgid), eventKey: "yes" },
    });
    const event = receiver.received[0]?.message;
    expect(event).toMatchObject({
      kind: "event",
      event: "template_card_event",
      eventKey: "yes",
      taskId: "task-1",
      cardType: "button_interaction",
    });
    const code = event !== undefined && "responseCode" in event ? event.responseCode : undefined;
    const text_notice = {
      card_type: "text_notice",
      main_title: { title: "Deployed" },
      card_action: { type: 1, url: "https://c.example" },
    };
    expect((await update({ response_code: code, template_card: text_notice })).errcode).toBe(0);
    expect(shown()).toMatchObject({ card: { main_title: { title: "Deployed" } } });
  });

  it("are given to interactive cards and cards with a menu only", async () => {
    const notice = {
      card_type: "text_notice",
      main_title: { title: "t" },
      card_action: { type: 1, url: "https://c" },
    };
    expect(await sendCard(notice)).not.toHaveProperty("response_code");
    const action_menu = { desc: "more", action_list: [{ text: "a", key: "a" }] };
    expect(await sendCard({ ...notice, action_menu, task_id: "t2" })).toHaveProperty("response_code");
  });
});

describe("cards that WeCom refuses", () => {
  const option = (id: string) => ({ id, text: id });
  it.each<[unknown, number]>([
    [{ ...CARD, card_type: "poster" }, 42031],
    [{ ...CARD, task_id: "" }, 42014],
    [{ ...CARD, task_id: "spaces are bad" }, 42014],
    [{ ...CARD, main_title: {} }, 42033],
    [{ ...CARD, button_list: [] }, 42038],
    [{ ...CARD, button_list: Array.from({ length: 7 }, (_, n) => ({ text: "b", key: `${n}` })) }, 42038],
    [{ ...CARD, button_list: [{ text: "b" }] }, 42039],
    [{ ...CARD, button_list: [1, 2].map(() => ({ text: "b", key: "same" })) }, 42039],
    [{ ...CARD, card_type: "vote_interaction", checkbox: { question_key: "q", option_list: [] } }, 42037],
    [
      {
        ...CARD,
        card_type: "vote_interaction",
        checkbox: { question_key: "q", option_list: [option("a"), option("a")] },
      },
      42040,
    ],
    [
      { ...CARD, card_type: "vote_interaction", checkbox: { question_key: "q", option_list: [option("a")] } },
      42049,
    ],
    [{ ...CARD, card_type: "multiple_interaction", select_list: [] }, 42047],
    [{ ...CARD, card_type: "text_notice" }, 42045],
    [{ ...CARD, horizontal_content_list: Array(7).fill({ keyname: "k" }) }, 42035],
  ])("%#: %i", async (card, errcode) => {
    expect((await sendCard(card)).errcode).toBe(errcode);
  });
});
