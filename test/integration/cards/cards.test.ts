import type { SentMessage } from "@gateway/wecom-emulator";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { AgentRunner } from "../../../services/worker/src/runners/runner.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { WorkerHarness, WorkerOptions } from "../worker/harness.ts";
import { startHarness } from "../worker/harness.ts";

// Retires the risk that a card goes on saying something that is not true, asks nobody, or is pressed for the wrong run.

let harness: WorkerHarness | undefined;
afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

async function start(options: WorkerOptions): Promise<WorkerHarness> {
  const env = { WECOM_CALLBACK_CARDS: "true", CARD_AFTER_SECONDS: "1", ...options.env };
  harness = await startHarness({ ...options, env });
  return harness;
}

interface Card {
  readonly main_title: { readonly title: string };
  readonly task_id: string;
  readonly button_list: readonly { readonly key: string }[];
}

function cardOf({ content }: SentMessage): Card {
  if (content.kind !== "template_card") throw new Error(`a ${content.kind} is no card`);
  return content.card as unknown as Card;
}

/** The first card that the person was sent. */
const untilCard = (of: WorkerHarness, user: string): Promise<SentMessage> =>
  waitUntil("a card is there", () =>
    of.emulator.sent({ user }).find(({ msgType }) => msgType === "template_card"),
  );

/** The card as the person sees it now: title, and what stands in place of the buttons. */
function shown(of: WorkerHarness, user: string, msgId: string): string[] {
  const message = of.emulator.sent({ user }).find((one) => one.msgId === msgId);
  const content = message?.cardByUser.get(user) ?? message?.content;
  if (content?.kind !== "template_card") return [];
  return [(content.card as unknown as Card).main_title.title, content.replacedButton ?? ""];
}

const untilShown = (of: WorkerHarness, user: string, msgId: string, title: RegExp, button: string) =>
  waitUntil(
    `the card says ${title}`,
    () => {
      const [head = "", replaced] = shown(of, user, msgId);
      return title.test(head) && replaced === button;
    },
    { describe: () => JSON.stringify(shown(of, user, msgId)) },
  );

const press = (of: WorkerHarness, user: string, card: SentMessage, key: string) =>
  of.accept("main", user, {
    kind: "event",
    event: "template_card_event",
    eventKey: key,
    taskId: cardOf(card).task_id,
    cardType: "button_interaction",
    selectedItems: [],
  });

const updates = (of: WorkerHarness) => of.emulator.calls({ path: "message/update_template_card" });

/** Ends when it is told to, or when the test lets it. */
function heldAgent() {
  const begun: (() => void)[] = [];
  const run: AgentRunner["run"] = (_turn, io) =>
    new Promise((resolve) => {
      io.signal.addEventListener("abort", () => resolve({ status: "cancelled" }));
      begun.push(() => resolve({ status: "done", text: "the answer" }));
    });
  return { run, begun };
}

describe("the card of a run", () => {
  it("takes the first notice's place and says at the end that it is done, once", async () => {
    const { run, begun } = heldAgent();
    const of = await start({ run, env: { NOTICE_AFTER_SECONDS: "2,600" } });
    await of.say("main", "anna", "work hard");
    const card = await untilCard(of, "anna");
    expect(shown(of, "anna", card.msgId)).toEqual(["⏳ Working", ""]);
    expect(card.content).toMatchObject({ card: { main_title: { desc: "work hard" } } });
    begun[0]?.();
    await untilShown(of, "anna", card.msgId, /^✅ Done in \d+ s$/, "Done");
    expect(of.texts({ user: "anna" })).toEqual(["template_card", "the answer"]);
    expect(updates(of)).toHaveLength(1);
  }, 60_000);

  it("stops the run within a second when it is pressed, and says so", async () => {
    const { run } = heldAgent();
    const of = await start({ run });
    await of.say("main", "anna", "work hard");
    const card = await untilCard(of, "anna");
    await press(of, "anna", card, cardOf(card).button_list[0]?.key ?? "");
    await untilShown(of, "anna", card.msgId, /^⏹ Stopped after/, "Stopped");
    expect(of.texts({ user: "anna" })).toEqual(["template_card"]);
    // Pressed again from another device, while the next run is under way: that one goes on.
    await of.say("main", "anna", "something else");
    await waitUntil("the next card is there", () => of.texts({ user: "anna" }).length === 2);
    await press(of, "anna", card, cardOf(card).button_list[0]?.key ?? "");
    await of.hears("anna", /Nothing is running/);
    await of.say("main", "anna", "/status");
    await of.hears("anna", /Running for/);
  }, 60_000);

  it("says that the run failed, or is not there when the answer was quick", async () => {
    const run: AgentRunner["run"] = async ({ text }) => {
      if (text === "quick") return { status: "done", text: "at once" };
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return { status: "failed", code: "agent", retryable: false, detail: "no" };
    };
    const of = await start({ run });
    await of.say("main", "bert", "quick");
    await of.say("main", "anna", "slow");
    const card = await untilCard(of, "anna");
    await untilShown(of, "anna", card.msgId, /^❌ Failed after/, "Failed");
    expect(of.texts({ user: "bert" })).toEqual(["at once"]);
  }, 60_000);

  it("says that the answer did not arrive when WeCom refuses it", async () => {
    const { run, begun } = heldAgent();
    const of = await start({ run });
    const id = await of.say("main", "anna", "work hard");
    const card = await untilCard(of, "anna");
    of.emulator.setFaults([
      { match: { path: "message/send" }, times: 1, action: { type: "errcode", errcode: 40201 } },
    ]);
    begun[0]?.();
    await untilShown(of, "anna", card.msgId, /^❌ Not delivered$/, "Failed");
    expect(await of.hears("anna", /WeCom did not take/)).toContain(id);
    expect(await of.deadLetters()).toMatchObject([{ what: "reply", code: "errcode_40201" }]);
    expect(of.texts({ user: "anna" })).toHaveLength(2);
  }, 60_000);

  it("is brought up to date by another worker than the one that sent it", async () => {
    const { run, begun } = heldAgent();
    const of = await start({ run });
    await of.say("main", "anna", "work hard");
    const card = await untilCard(of, "anna");
    await of.restart();
    await waitUntil("the run has begun again", () => begun.length === 2);
    begun[1]?.();
    await untilShown(of, "anna", card.msgId, /^✅ Done in/, "Done");
    const cards = of.emulator.sent({ user: "anna" }).filter(({ msgType }) => msgType === "template_card");
    expect(cards).toHaveLength(1);
  }, 60_000);

  it("holds nothing up when it cannot be updated", async () => {
    const { run, begun } = heldAgent();
    const of = await start({ run });
    const match = { path: "message/update_template_card" };
    of.emulator.setFaults([{ match, times: "always", action: { type: "errcode", errcode: 60140 } }]);
    await of.say("main", "anna", "work hard");
    await untilCard(of, "anna");
    begun[0]?.();
    await of.hears("anna", /the answer/);
    await of.say("main", "anna", "again");
    await waitUntil("the next run has begun", () => begun.length === 2);
    expect(await of.deadLetters()).toEqual([]);
  }, 60_000);

  it("is a text where WeCom takes no cards of the app, which the answer takes back", async () => {
    const { run, begun } = heldAgent();
    const of = await start({ run });
    of.emulator.setFaults([
      {
        match: { path: "message/send", user: "anna", nth: 1 },
        times: 1,
        action: { type: "errcode", errcode: 43012 },
      },
    ]);
    await of.say("main", "anna", "work hard");
    await of.hears("anna", /⏳ Working, 1 s so far/);
    begun[0]?.();
    await of.hears("anna", /the answer/);
    await waitUntil(
      "the text is taken back",
      () => of.emulator.seen({ app: "main", user: "anna" }).length === 1,
    );
    expect(await of.deadLetters()).toEqual([]);
  }, 60_000);
});

describe("the card of an approval", () => {
  const asking: AgentRunner["run"] = async (_turn, io) => {
    const decision = await io.approve({ title: "Delete", detail: "rm -r ./tmp", directory: "/srv" });
    return io.signal.aborted ? { status: "cancelled" } : { status: "done", text: `it is ${decision}` };
  };

  it.each([
    ["approve", "approved", /^✅ Allowed/, "Allowed"],
    ["deny", "denied", /^🚫 Refused/, "Refused"],
  ])(
    "%s by its button, and it says so",
    async (name, decision, title, button) => {
      const of = await start({ run: asking, env: { CARD_AFTER_SECONDS: "3600" } });
      await of.say("main", "anna", "clean up");
      const card = await untilCard(of, "anna");
      const key = cardOf(card).button_list.find((one) => one.key.startsWith(name))?.key ?? "";
      await press(of, "anna", card, key);
      await of.hears("anna", new RegExp(`it is ${decision}`));
      await untilShown(of, "anna", card.msgId, title, button);
      expect(of.texts({ user: "anna" })).toEqual(["template_card", `it is ${decision}`]);
    },
    60_000,
  );

  it("says when its time is over or its run has ended", async () => {
    const of = await start({ run: asking, turns: { approvalMs: 1500 }, env: { CARD_AFTER_SECONDS: "3600" } });
    await of.say("main", "anna", "clean up");
    const expired = await untilCard(of, "anna");
    await of.hears("anna", /it is expired/);
    await untilShown(of, "anna", expired.msgId, /^⌛ Time is over/, "Expired");

    await of.say("main", "bert", "clean up");
    const stopped = await untilCard(of, "bert");
    await of.say("main", "bert", "/stop");
    await untilShown(of, "bert", stopped.msgId, /^The task has ended/, "Withdrawn");
  }, 60_000);

  it("is a text with a command where WeCom takes no cards of the app", async () => {
    const of = await start({ run: asking, env: { CARD_AFTER_SECONDS: "3600" } });
    of.emulator.setFaults([
      {
        match: { path: "message/send", user: "anna", nth: 1 },
        times: 1,
        action: { type: "errcode", errcode: 43012 },
      },
    ]);
    await of.say("main", "anna", "clean up");
    const asked = await of.hears("anna", /The agent asks to: Delete\nrm -r .\/tmp\nDirectory: \/srv/);
    await of.say("main", "anna", `/approve ${/\/approve (\w+)/.exec(asked)?.[1]}`);
    await of.hears("anna", /it is approved/);
  }, 60_000);
});
