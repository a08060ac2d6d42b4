import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { askPerson } from "./asked-person.ts";
import type { Harness, Person } from "./harness.ts";
import { startHarness, texts } from "./harness.ts";

// Retires the risk that a button does something else than it says, or does it twice.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const { approval } = texts;

/** A running turn whose agent has asked for something. */
const personWhoWasAsked = (asked?: Parameters<typeof askPerson>[1]) => askPerson(harness, asked);

describe("buttons of a card", () => {
  const press = (person: Person, eventKey: string, responseCode = "code-of-the-press") =>
    person.event("template_card_event", {
      eventKey,
      taskId: "t",
      cardType: "button_interaction",
      responseCode,
      selectedItems: [],
    });

  it.each([
    ["approve", "approved"],
    ["deny", "denied"],
  ] as const)(
    "%s decides the request whose code it carries, which then shows on the card",
    async (name, decided) => {
      const { person, code, decision, end } = await personWhoWasAsked({ cards: true });
      const pressed = press(person, `${name}:${code}`);
      const answer = await person.answer(pressed);
      expect(answer).toMatchObject({
        text: undefined,
        updates: [{ buttonText: texts.card[`${decided}Button`], responseCode: "code-of-the-press" }],
      });
      expect(await decision).toBe(decided);
      // Handled again after a crash it comes to the same, whatever the person pressed meanwhile.
      await person.answer(press(person, `${name === "deny" ? "approve" : "deny"}:${code}`));
      expect(await person.answer(pressed)).toEqual(answer);
      await end();
    },
  );

  it("show a decision that was typed, too", async () => {
    const { person, decision, end } = await personWhoWasAsked({ cards: true });
    const [update, ...others] = (await person.answer(person.text("/approve"))).updates ?? [];
    expect([update?.buttonText, update?.responseCode, others]).toEqual([
      texts.card.approvedButton,
      undefined,
      [],
    ]);
    expect(await decision).toBe("approved");
    await end();
  });

  it("of a request that is over change nothing", async () => {
    const person = harness.person();
    expect(await person.answer(press(person, "approve:AB23"))).toEqual({
      text: approval.unknownCode({ code: "AB23" }),
    });
  });

  it("stop the run that the card is about and no other", async () => {
    const { person, run, decision, end } = await personWhoWasAsked();
    const other = await person.answer(press(person, "stop:re-cb-another"));
    expect(other.updates).toMatchObject([
      {
        replyId: "no-re-cb-another-card",
        buttonText: texts.card.overButton,
        responseCode: "code-of-the-press",
      },
    ]);
    expect(run.io.signal.aborted).toBe(false);
    expect(await person.answer(press(person, `stop:${run.turn.id}`))).toEqual({});
    expect(await decision).toBe("expired");
    expect(run.io.signal.reason).toBe("user");
    await end();
  });

  it("stop a background task", async () => {
    const person = harness.person();
    const held = harness.runner.hold();
    await person.say("/bg dig deep");
    const [task] = await harness.tools.backgroundTasks.running(person.conversation);
    const turn = person.turn(task?.conversation);
    const run = await held;
    await person.answer(press(person, `stop:${run.turn.id}`));
    await turn;
    expect(run.io.signal.reason).toBe("user");
  });

  it("from a menu are no decisions", async () => {
    const { person, code, decision, end } = await personWhoWasAsked();
    await person.handle(person.event("click", { eventKey: `approve:${code}` }));
    expect(await harness.tools.approvals.answer(person.conversation, code)).toBeUndefined();
    await person.say("/deny");
    expect(await decision).toBe("denied");
    await end();
  });
});
