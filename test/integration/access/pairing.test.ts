import { createKeys } from "@gateway/conversation";
import { createAccessRegistry } from "@gateway/conversation/access";
import { afterEach, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { FileApps, TestGateway } from "./gateway.ts";
import { startGateway } from "./gateway.ts";

const closed = { language: "en", admin_users: ["boss"] };
const pairing = { ...closed, pairing: "true" };

describe("letting people in", () => {
  let gateway: TestGateway | undefined;
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
  });
  async function start(configured: FileApps, known = Object.keys(configured)): Promise<TestGateway> {
    gateway = await startGateway(known, configured);
    return gateway;
  }
  const outcome = ({ observations }: TestGateway) => {
    const last = observations.at(-1)?.outcome;
    return last !== undefined && "reason" in last ? last.reason : last?.kind;
  };
  const codeIn = (text: string) => /[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(text)?.[0] ?? "";

  it("goes from the stranger's first message over a code and an administrator to an answer, and back", async () => {
    const running = await start({ sales: pairing });
    const { say, hears } = running;
    await say("sales", "stranger", "PRIVATE hello");
    expect(outcome(running)).toBe("access_denied");
    const invitation = await hears("sales", "stranger");
    const code = codeIn(invitation);
    expect(invitation).toMatch(/Pairing code: [2-9A-Z]{4}-[2-9A-Z]{4}\n.*60 minutes/);

    // More words of the stranger's change nothing.
    for (const text of ["let me in", "/stop", `/approve-user ${code}`]) {
      await say("sales", "stranger", text, 1);
      expect(outcome(running)).toBe("access_denied");
    }

    await say("sales", "boss", "/users");
    expect(await hears("sales", "boss")).toMatch(/Waiting \(1\):\n.*stranger/);
    await say("sales", "boss", `/approve-user ${code.toLowerCase()}`);
    expect(await hears("sales", "boss")).toMatch(/stranger has been let in/);
    expect(await hears("sales", "stranger")).toMatch(/You have been let in/);

    await say("sales", "stranger", "hello again", 1);
    expect(outcome(running)).toBe("accepted");
    expect(await hears("sales", "stranger")).toMatch(/hello again/);

    const { redis, apps } = running;
    const registry = createAccessRegistry({
      redis: redis.client(),
      keys: createKeys(redis.prefix),
      wakeControl: async () => undefined,
      now: Date.now,
    });
    const [app] = apps;
    if (app === undefined) throw new Error("no app");
    expect(await registry.revoke(app, "stranger")).toBe(true);
    for (const replica of [0, 1]) {
      await say("sales", "stranger", "still there?", replica);
      expect(outcome(running)).toBe("access_denied");
    }
    expect(running.log()).not.toMatch(/PRIVATE|hello again/);
    expect(running.log()).not.toContain(code);
  });

  it("is for administrators of that app: equal user ids in another corp are other people", async () => {
    const running = await start({ sales: pairing, research: { ...pairing, admin_users: ["chief"] } });
    const { say, hears } = running;
    await say("sales", "stranger", "hello");
    const code = codeIn(await hears("sales", "stranger"));
    await say("research", "boss", `/approve-user ${code}`);
    expect(outcome(running)).toBe("access_denied");
    await say("research", "chief", `/approve-user ${code}`);
    expect(await hears("research", "chief")).toMatch(/no such pairing code/);
    await say("sales", "boss", `/approve-user ${code}`);
    expect(await hears("sales", "stranger")).toMatch(/You have been let in/);
    await say("research", "stranger", "hello");
    expect(outcome(running)).toBe("access_denied");
  });

  it("is locked after five wrong codes", async () => {
    const { say, hears } = await start({ sales: pairing });
    await say("sales", "stranger", "hello");
    const code = codeIn(await hears("sales", "stranger"));
    for (let count = 0; count < 5; count += 1) {
      await say("sales", "boss", `/approve-user 2222-222${count + 2}`);
      expect(await hears("sales", "boss")).toMatch(/no such pairing code/);
    }
    await say("sales", "boss", `/approve-user ${code}`);
    expect(await hears("sales", "boss")).toMatch(/locked/);
  });

  it("without pairing tells a stranger once that they may not, if that is configured", async () => {
    const running = await start({ sales: { ...closed, deny_notice: "true" }, silent: closed });
    const { say, hears, emulator } = running;
    for (const text of ["one", "two", "three"]) {
      await say("silent", "stranger", text);
      await say("sales", "stranger", text);
    }
    expect(await hears("sales", "stranger")).toMatch(/may not use this app/);
    // An administrator's answer comes after whatever the worker had to say before.
    await say("sales", "boss", "hello");
    await say("silent", "boss", "hello");
    await hears("sales", "boss");
    await hears("silent", "boss");
    expect(emulator.sent({ app: "sales", user: "stranger" })).toHaveLength(1);
    expect(emulator.sent({ app: "silent", user: "stranger" })).toHaveLength(0);
  });
});

describe("a configuration changed while the gateway runs", () => {
  let gateway: TestGateway | undefined;
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
  });

  it("lets people in and out, makes administrators, and adds and removes apps, without a restart", async () => {
    const running = await startGateway(["sales", "late"], { sales: closed });
    gateway = running;
    const { say, hears, configure, emulator, observations } = running;
    const settled = async (app: string, user: string, text: string, wanted: string) => {
      await waitUntil(`${user} is ${wanted} by both replicas`, async () => {
        const before = observations.length;
        for (const replica of [0, 1]) await say(app, user, text, replica);
        return observations
          .slice(before)
          .every(({ outcome }) => (("reason" in outcome && outcome.reason) || outcome.kind) === wanted);
      });
    };
    await say("sales", "lisi", "hello");
    expect(observations.at(-1)?.outcome).toMatchObject({ reason: "access_denied" });

    await configure({
      sales: { ...closed, allowed_users: ["lisi"] },
      late: { ...closed, allow_all_users: "true" },
    });
    // Asked several times until both replicas know, so a word about the queue may come first.
    const hearsAbout = async (app: string, user: string, words: RegExp) => {
      while (!words.test(await hears(app, user)));
    };
    await settled("sales", "lisi", "hello", "accepted");
    await hearsAbout("sales", "lisi", /hello/);
    await settled("late", "anybody", "first words", "accepted");
    await hearsAbout("late", "anybody", /first words/);

    await say("sales", "lisi", "/users");
    await waitUntil("an ordinary user is refused", () =>
      emulator
        .sent({ app: "sales", user: "lisi" })
        .some(({ content }) => /administrators only/.test(JSON.stringify(content))),
    );
    await configure({ sales: { ...closed, admin_users: ["lisi"] } });
    await waitUntil("lisi is an administrator", async () => {
      await say("sales", "lisi", "/users");
      return emulator
        .sent({ app: "sales", user: "lisi" })
        .some(({ content }) => /Let in \(0\)/.test(JSON.stringify(content)));
    });
    await settled("sales", "boss", "hello", "access_denied");
    expect(running.log()).toMatch(/"added":\["late"\]/);
    expect(running.log()).toMatch(/"removed":\["late"\]/);
  });

  it("keeps the old one while the new one has a fault", async () => {
    const running = await startGateway(["sales"], { sales: { ...closed, allowed_users: ["lisi"] } });
    gateway = running;
    await running.configure({ sales: { ...closed, allowed_users: ["wangwu"], agent_id: "not a number" } });
    await waitUntil("the fault is logged", () => /configuration not reloaded/.test(running.log()));
    await running.say("sales", "lisi", "hello");
    expect(running.observations.at(-1)?.outcome.kind).toBe("accepted");
    expect(await running.hears("sales", "lisi")).toMatch(/hello/);
  });
});
