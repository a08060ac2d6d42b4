import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Harness, Person } from "./harness.ts";
import { startHarness, texts } from "./harness.ts";

// Menu items, card buttons and the opening of the app, as they come off the control lane.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const { command, turn } = texts;
const click = (person: Person, eventKey: string) => person.handle(person.event("click", { eventKey }));

describe("a menu item", () => {
  it.each(["stop", "/stop", "停止", "/停止"])("with the key %j is the command of that name", async (key) => {
    expect(await click(harness.person(), key)).toBe(command.nothingToStop);
  });

  it("stands for what the configuration says: a text or a command with arguments", async () => {
    const person = harness.person();
    expect(await click(person, "report")).toBeUndefined();
    expect(await person.waiting()).toEqual(["写一份日报"]);
    expect(await click(person, "halt")).toBe(command.dropped({ dropped: 1 }));
  });

  it.each(["constructor", "__proto__", "toString", "k\u0000", "x".repeat(10_000), "/unknown"])(
    "with any other key is told to the agent (%#)",
    async (key) => {
      const person = harness.person();
      expect(await click(person, key)).toBeUndefined();
      expect(await person.waiting()).toEqual([key]);
    },
  );

  it("without a key does nothing", async () => {
    const person = harness.person();
    expect(await click(person, "")).toBeUndefined();
    expect(await person.waiting()).toEqual([]);
  });

  it("handled again is told once, and the person hears once that it waits", async () => {
    const person = harness.person();
    const held = harness.runner.hold();
    await person.write("work");
    const running = person.turn();
    const run = await held;
    const press = person.event("click", { eventKey: "report" });
    await person.handle(press);
    await person.handle(press);
    expect(await person.waiting()).toEqual(["写一份日报"]);
    expect(await person.outbox()).toEqual([turn.queued({ position: 1 })]);
    run.answer("done");
    await running;
  });
});

describe("a card button", () => {
  const card = { taskId: "t", cardType: "vote_interaction" };

  it("of an agent's own card is told to the agent, with what was chosen", async () => {
    const person = harness.person();
    const selectedItems = [
      { questionKey: "colour", optionIds: ["red", "blue"] },
      { questionKey: "size", optionIds: ["L"] },
    ];
    await person.handle(person.event("template_card_event", { ...card, eventKey: "submit", selectedItems }));
    expect(await person.waiting()).toEqual(["submit\ncolour: red, blue\nsize: L"]);
  });

  it("of the card's menu may be a command", async () => {
    const person = harness.person();
    const press = person.event("template_card_menu_event", { ...card, eventKey: "stop" });
    expect(await person.handle(press)).toBe(command.nothingToStop);
  });
});

describe("opening the app", () => {
  it("is welcomed once per person and period, also when it is handled again", async () => {
    const person = harness.person();
    const enter = person.event("enter_agent", { eventKey: "" });
    expect(await person.handle(enter)).toBe("你好");
    expect(await person.handle(enter)).toBe("你好");
    expect(await person.handle(person.event("enter_agent", { eventKey: "" }))).toBeUndefined();
    const other = harness.person();
    expect(await other.handle(other.event("enter_agent", { eventKey: "" }))).toBe("你好");
    const flag = harness.keys.flag("told", "welcome", person.conversation);
    expect(await harness.redis.pttl(flag)).toBeGreaterThan(23 * 3600 * 1000);
    await harness.redis.del(flag);
    expect(await person.handle(person.event("enter_agent", { eventKey: "" }))).toBe("你好");
  });

  it("is silent where no welcome is configured, and other events do nothing", async () => {
    const person = harness.person();
    const { welcome: _, ...without } = { ...harness.app };
    expect(await person.handleAs(person.event("enter_agent", { eventKey: "" }), without)).toBeUndefined();
    for (const name of ["subscribe", "unsubscribe", "location", "view"])
      expect(await person.handle(person.event(name, { eventKey: "k" }))).toBeUndefined();
    expect(await person.waiting()).toEqual([]);
  });
});
