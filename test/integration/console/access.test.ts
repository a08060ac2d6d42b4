import type { ConsoleDeps } from "@gateway/console";
import type { InboundMessage } from "@gateway/conversation";
import { conversationId, createKeys, createTurnControl } from "@gateway/conversation";
import type { AccessRegistry } from "@gateway/conversation/access";
import { ACCESS_LIMITS, createAccessRegistry, showPairingCode } from "@gateway/conversation/access";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { RequestOptions, TestConsole } from "./harness.ts";
import { openSession, request, startConsole, USER } from "./harness.ts";

type App = ReturnType<ConsoleDeps["apps"]>[number];
const rest = { allowedUsers: ["boss"], allowAllUsers: false, adminUsers: ["chief"], pairing: true };
const sales: App = { name: "sales", corpId: "wwOne", agentId: "1000002", ...rest };
/** Same agent id, another corp. */
const other: App = { name: "other", corpId: "wwTwo", agentId: "1000002", ...rest };

describe("the page that says who may talk", () => {
  let redis: TestRedis;
  let console: TestConsole;
  let registry: AccessRegistry;
  let cookie: string;
  let apps: readonly App[];
  let nowMs: number;
  beforeEach(async () => {
    redis = await startRedis();
    apps = [sales, other];
    nowMs = Date.now();
    const now = () => nowMs;
    console = await startConsole({ redisUrl: redis.url, prefix: redis.prefix, apps: () => apps, now });
    const keys = createKeys(redis.prefix);
    registry = createAccessRegistry({ redis: redis.client(), keys, wakeControl: async () => undefined, now });
    cookie = await openSession(console.url);
  });
  afterEach(async () => {
    await console.stop();
    await redis.stop();
  });

  async function codeFor(userId: string, app = sales): Promise<string> {
    const asked = await registry.request({ ...app, appName: app.name }, userId);
    if (asked.status !== "open") throw new Error(`no code: ${asked.status}`);
    return asked.request.code;
  }
  /** A message that waits, as ingress leaves it. */
  async function write(app: App, userId: string): Promise<void> {
    const keys = createKeys(redis.prefix);
    const turnControl = createTurnControl({ redis: redis.client(), keys, now: () => nowMs });
    const conversation = conversationId({ ...app, userId });
    expect(await turnControl.enqueue(conversation, messageOf(app, userId, nowMs), "tail")).toBe("added");
  }
  const post = (action: string, form: Readonly<Record<string, string>>, options: RequestOptions = {}) =>
    request(console.url, `/access/${action}`, { method: "POST", cookie, form, ...options });
  const get = async (path = "/access", language = "en") =>
    (await request(console.url, path, { cookie, headers: { "accept-language": language } })).text;
  /** Where a decision led, as the operator sees it. */
  async function done(answer: Awaited<ReturnType<typeof post>>): Promise<string> {
    expect(answer.status).toBe(303);
    return get(answer.headers.get("location") ?? "");
  }
  const audited = () =>
    console
      .logs()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter((line) => line.audit === "access")
      .map(({ action, operator, app, userId, outcome }) => [action, operator, app, userId, outcome]);

  it("lets in a person by their code: allowed from then on, told in WeCom, and written down without the code", async () => {
    const code = await codeFor("zhangsan");
    const before = await get();
    expect(before).toContain("1 person waits to be let in");
    expect(before).toContain(showPairingCode(code));

    const after = await done(await post("approve", { app: "sales", user: "zhangsan", code }));
    expect(after).toContain("zhangsan may talk to sales now and is told so in WeCom.");
    expect(after).not.toContain(showPairingCode(code));
    expect(after).toContain("Nobody waits to be let in");

    expect(await registry.listUsers(sales)).toMatchObject([
      { userId: "zhangsan", approvedBy: `console:${USER}` },
    ]);
    expect(await registry.isApproved(other, "zhangsan")).toBe(false);
    const conversation = conversationId({ ...sales, userId: "zhangsan" });
    const [word = ""] = await redis.client().lrange(createKeys(redis.prefix).control(conversation), 0, -1);
    expect(word).toMatch(/^\+.*"msgType":"admitted"/);
    await waitUntil("the worker is woken", async () => {
      const jobs = await console.queue("control").getJobs(["waiting"]);
      return jobs.some((job) => job.data.conversation === conversation);
    });
    expect(audited()).toEqual([["approve", USER, "sales", "zhangsan", "approved"]]);
    expect(console.logs()).not.toContain(code);
  });

  it("takes a second press for the same decision, and a late one for no wrong code", async () => {
    const code = await codeFor("zhangsan");
    const form = { app: "sales", user: "zhangsan", code };
    const pressed = await Promise.all([post("approve", form), post("approve", form)]);
    expect(pressed.map(({ status }) => status)).toEqual([303, 303]);
    expect((await post("approve", form)).status).toBe(303);
    expect(await registry.listUsers(sales)).toHaveLength(1);

    const late = { app: "sales", user: "lisi", code: await codeFor("lisi") };
    nowMs += ACCESS_LIMITS.codeMs;
    for (let count = 0; count < ACCESS_LIMITS.failures + 1; count += 1) {
      const answer = await post("approve", late);
      expect(answer.status).toBe(409);
      expect(answer.text).toContain("This request is gone");
    }
    expect(await registry.isApproved(sales, "lisi")).toBe(false);
    const fresh = { ...late, code: await codeFor("lisi") };
    expect((await post("approve", fresh)).status).toBe(303);
  });

  it("does not let in somebody else than the operator saw, nor by another app's code", async () => {
    const code = await codeFor("zhangsan");
    expect((await post("approve", { app: "sales", user: "lisi", code })).status).toBe(409);
    expect((await post("approve", { app: "other", user: "zhangsan", code })).status).toBe(409);
    expect(await registry.listUsers(sales)).toEqual([]);
    expect(await registry.listUsers(other)).toEqual([]);
  });

  it("says that wrong codes have locked the app, and still lets in by user id", async () => {
    const code = await codeFor("zhangsan");
    for (let count = 0; count < ACCESS_LIMITS.failures; count += 1) {
      await registry.approve(sales, "2222-2222", "boss", `wrong-${count}`);
    }
    const answer = await post("approve", { app: "sales", user: "zhangsan", code });
    expect([answer.status, answer.text.includes("Too many wrong codes")]).toEqual([409, true]);
    await done(await post("admit", { app: "sales", user: "zhangsan" }));
    expect(await get()).toContain("Nobody waits to be let in");
  });

  it("lets somebody in without a code", async () => {
    const page = await done(await post("admit", { app: "sales", user: " wangwu " }));
    expect(page).toContain("wangwu may talk to sales now.");
    expect(await registry.isApproved(sales, "wangwu")).toBe(true);
    expect(audited()).toEqual([["admit", USER, "sales", "wangwu", "admitted"]]);
  });

  it.each(["", " ", "a b", "corp:user", "*", "x".repeat(65), "a\u0000b"])(
    "takes no %j for a user id",
    async (user) => {
      const answer = await post("admit", { app: "sales", user });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain("A user id has 1 to 64 characters");
      expect(await registry.listUsers(sales)).toEqual([]);
      expect(audited()).toEqual([]);
    },
  );

  it("revokes, and drops what the person wrote that no turn has begun with", async () => {
    await registry.admit(sales, "ZhangSan", "boss");
    // Another spelling, a background task, somebody else, the same user id in another corp.
    for (const [app, userId] of [
      [sales, "zhangsan"],
      [sales, "zhangsan"],
      [sales, "zhangsan\u0000bg-K7QM"],
      [sales, "zhangsan2"],
      [other, "zhangsan"],
    ] as const) {
      await write(app, userId);
    }
    const client = redis.client();
    const keys = createKeys(redis.prefix);
    // The first of them is being answered.
    await client.hset(keys.turn(conversationId({ ...sales, userId: "zhangsan" })), "n", 1);

    const page = await done(await post("revoke", { app: "sales", user: "ZhangSan" }));
    expect(page).toContain("ZhangSan may not talk to sales any more. 2 waiting messages were dropped.");
    expect(await registry.isApproved(sales, "zhangsan")).toBe(false);
    const depth = (app: App, userId: string) => client.llen(keys.mailbox(conversationId({ ...app, userId })));
    expect(await depth(sales, "zhangsan")).toBe(1);
    expect(await depth(sales, "zhangsan\u0000bg-K7QM")).toBe(0);
    expect(await depth(sales, "zhangsan2")).toBe(1);
    expect(await depth(other, "zhangsan")).toBe(1);

    const stories = await client.keys(`${redis.prefix}:timeline:*`);
    const told = await Promise.all(stories.map((key) => client.lrange(key, 0, -1)));
    expect(told.flat().filter((event) => event.includes('"why":"revoked"'))).toHaveLength(2);

    const again = await post("revoke", { app: "sales", user: "ZhangSan" });
    expect([again.status, again.text.includes("not among those who were let in")]).toEqual([409, true]);
    expect(audited()).toEqual([
      ["revoke", USER, "sales", "ZhangSan", "revoked"],
      ["revoke", USER, "sales", "ZhangSan", "notIn"],
    ]);
  });

  it("does not drop messages of somebody whom the configuration allows, and says that they stay", async () => {
    await registry.admit(sales, "boss", "chief");
    await write(sales, "boss");
    const page = await done(await post("revoke", { app: "sales", user: "boss" }));
    expect(page).toContain("Revoked, but boss may still talk to sales");
    const mailbox = createKeys(redis.prefix).mailbox(conversationId({ ...sales, userId: "boss" }));
    expect(await redis.client().llen(mailbox)).toBe(1);
  });

  it("says nothing that an address claims and that is not so", async () => {
    expect(await get("/access?done=approved&app=sales&user=mallory")).not.toContain("mallory");
    expect(await get("/access?done=revoked&app=nowhere&user=mallory")).not.toContain("mallory");
  });

  it.each<[string, RequestOptions, number]>([
    ["another site", { origin: "https://evil.example" }, 403],
    ["nowhere", { origin: null }, 403],
    ["nobody who is signed in", { cookie: "wgw_console=guess" }, 401],
  ])("refuses every decision from %s", async (_from, options, status) => {
    const code = await codeFor("zhangsan");
    await registry.admit(sales, "lisi", "chief");
    const people = await registry.listUsers(sales);
    const forms = { approve: { user: "zhangsan", code }, admit: { user: "x" }, revoke: { user: "lisi" } };
    for (const [action, form] of Object.entries(forms)) {
      expect((await post(action, { app: "sales", ...form }, options)).status).toBe(status);
    }
    expect(await registry.listUsers(sales)).toEqual(people);
    expect(audited()).toEqual([]);
  });

  it.each(["/access", "/access/people"])("shows %s to nobody who is not signed in", async (path) => {
    const code = await codeFor("zhangsan");
    const answer = await request(console.url, path);
    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain(showPairingCode(code));
  });

  it("shows hostile user ids as text, in every place, and can revoke them", async () => {
    const hostile = `"><img src=x onerror=alert(1)>'&amp;`;
    await codeFor(`${hostile}2`);
    await registry.admit(sales, hostile, `<b>boss</b>`);
    for (const page of [
      await get(),
      await get("/access/people"),
      await get(`/access?find=${encodeURIComponent(hostile)}`),
    ]) {
      expect(page).toContain("onerror=alert(1)");
      expect(page).not.toMatch(/<img src=x|<b>boss/);
    }
    const page = await done(await post("revoke", { app: "sales", user: hostile }));
    expect(page).toContain("may not talk to sales any more");
    expect(page).not.toContain("<img src=x");
    const refused = await post("admit", { app: "sales", user: hostile });
    expect(refused.text).not.toContain("<img src=x");
    expect(await registry.isApproved(sales, hostile)).toBe(false);
  });

  it("takes no form that is not one of its own", async () => {
    for (const form of [
      {},
      { app: "sales" },
      { app: "x".repeat(65), user: "a" },
      { app: "sales", user: "x".repeat(513) },
    ]) {
      for (const action of ["approve", "admit", "revoke"]) {
        expect((await post(action, form as Record<string, string>)).status).toBe(400);
      }
    }
    const unknown = await post("admit", { app: "gone", user: "zhangsan" });
    expect([unknown.status, unknown.text.includes("not configured any more")]).toEqual([409, true]);
  });

  it("shows the newest hundred and finds the others", async () => {
    for (let count = 0; count < 103; count += 1) {
      nowMs += 1;
      await registry.admit(sales, `user-${count}`, "boss");
    }
    const page = await get();
    expect(page).toContain(">user-102<");
    expect(page).not.toContain(">user-2<");
    expect(page).toContain("3 more.");
    expect(await get("/access?find=USER-2")).toContain(">user-2<");
  });

  it("says how apps are made known where there are none, in both languages, and follows the configuration", async () => {
    apps = [];
    expect(await get()).toContain("GATEWAY_CONFIG");
    expect(await get("/access", "zh-CN")).toContain("控制台没有读到任何应用");
    apps = [{ ...sales, name: "brand-new", allowAllUsers: true }];
    const page = await get();
    expect(page).toContain("brand-new");
    expect(page).toContain("Everybody may talk to this app");
  });
});

let messages = 0;

function messageOf(app: App, userId: string, receivedAtMs: number): InboundMessage {
  const { corpId, agentId } = app;
  const common = { toUserName: corpId, fromUserName: userId, createTime: 1, agentId };
  messages += 1;
  return {
    ...{ v: 1, id: `cb-${messages}`, appName: app.name, corpId, agentId, userId, receivedAtMs },
    message: { ...common, kind: "text", content: "hello", msgId: String(messages) },
  };
}
