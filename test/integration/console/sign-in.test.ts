import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { TestConsole } from "./harness.ts";
import {
  cookieOf,
  openSession,
  PASSWORD,
  postLogin,
  request,
  signIn,
  startConsole,
  tokenIn,
  USER,
} from "./harness.ts";

const HOUR_MS = 3600_000;

describe("sign-in", () => {
  let redis: TestRedis;
  let consoles: TestConsole[];
  const start = async (options: { password?: string; now?: () => number } = {}) => {
    const started = await startConsole({ redisUrl: redis.url, prefix: redis.prefix, ...options });
    consoles.push(started);
    return started;
  };
  const isOpen = async (base: string, cookie: string) =>
    (await request(base, "/overview", { cookie })).status === 200;

  beforeEach(async () => {
    redis = await startRedis();
    consoles = [];
  });
  afterEach(async () => {
    await Promise.all(consoles.map((started) => started.stop()));
    await redis.stop();
  });

  it("opens a session that scripts cannot read and other sites cannot use, on every console process", async () => {
    const [one, two] = [await start(), await start()];
    const answer = await signIn(one.url, { next: "/queues/queue/dead" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/queues/queue/dead"]);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^wgw_console=[\w-]{43};.*HttpOnly; SameSite=Strict$/);
    expect(await isOpen(one.url, cookieOf(answer))).toBe(true);
    expect(await isOpen(two.url, cookieOf(answer))).toBe(true);
  });

  it("marks the cookie Secure where the browser came over TLS", async () => {
    const { url } = await start();
    const form = { user: USER, password: PASSWORD };
    const headers = { "x-forwarded-proto": "https" };
    const answer = await postLogin(url, form, { headers });
    const cookies = answer.headers.getSetCookie();
    expect(cookies.length).toBe(2);
    for (const cookie of cookies) expect(cookie).toMatch(/; Secure; SameSite=Strict$/);
  });

  it("answers a wrong user exactly as a wrong password", async () => {
    const { url } = await start();
    const wrongPassword = await signIn(url, { password: "wrong" });
    const wrongUser = await signIn(url, { user: "nobody" });
    expect(wrongPassword.status).toBe(401);
    expect(wrongUser.status).toBe(401);
    const masked = ({ text }: { text: string }) =>
      text.replaceAll("nobody", USER).replace(/(name="_csrf" value=")[\w-]+/, "$1");
    expect(masked(wrongUser)).toBe(masked(wrongPassword));
    expect(wrongPassword.headers.getSetCookie()).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ["nothing", {}],
    ["no password", { user: USER }],
    ["an endless password", { user: USER, password: PASSWORD + "x".repeat(300) }],
    ["fields sent as lists", { "user[]": USER, "password[]": PASSWORD }],
  ])("refuses %s", async (_what, form) => {
    const { url } = await start();
    expect((await postLogin(url, form)).status).toBe(401);
  });

  it("refuses a body that is too large before it reads it", async () => {
    const { url } = await start();
    const form = { user: USER, password: "x".repeat(5000) };
    expect((await request(url, "/login", { method: "POST", form })).status).toBe(413);
  });

  it("stops guessing after ten attempts, on all processes together, also for the right password", async () => {
    const [one, two] = [await start(), await start()];
    const attempts = await Promise.all(
      Array.from({ length: 14 }, (_, i) =>
        signIn(i % 2 === 0 ? one.url : two.url, { password: `guess ${i}` }),
      ),
    );
    const statuses = attempts.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(4).fill(429)]);
    const refused = await signIn(two.url);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(refused.text).toMatch(/Too many attempts\. Try again in \d+ min/);
  });

  it("forgets the failures of somebody who then signs in", async () => {
    const { url } = await start();
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 6; i += 1) expect((await signIn(url, { password: "wrong" })).status).toBe(401);
      expect((await signIn(url)).status).toBe(303);
    }
  });

  it("takes no sign-in that another site sends", async () => {
    const { url } = await start();
    const form = { user: USER, password: PASSWORD };
    const post = (options: object) => postLogin(url, form, options);
    expect((await post({ origin: "https://evil.example" })).status).toBe(403);
    expect((await post({ origin: "null" })).status).toBe(403);
    expect((await post({ origin: null })).status).toBe(403);
    expect((await post({ headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
    expect((await post({ headers: { "sec-fetch-site": "same-site" } })).status).toBe(403);
    expect((await post({})).status).toBe(303);
  });

  it("takes no sign-in without the token of its own form", async () => {
    const { url } = await start();
    const [mine, another] = [await request(url, "/login"), await request(url, "/login")];
    const visit = mine.headers.getSetCookie()[0]?.split(";", 1)[0];
    const post = (cookie: string | undefined, token: string) =>
      request(url, "/login", {
        method: "POST",
        cookie,
        form: { user: USER, password: PASSWORD, _csrf: token },
      });
    for (const [cookie, token] of [
      [undefined, tokenIn(mine)],
      [visit, ""],
      [visit, tokenIn(another)],
      ["wgw_visit=short", tokenIn(mine)],
    ] as const) {
      const answer = await post(cookie, token);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain("It belongs to an earlier sign-in.");
    }
    expect((await post(visit, tokenIn(mine))).status).toBe(303);
  });

  it("takes no sign-out without the session's token", async () => {
    const { url } = await start();
    const cookie = await openSession(url);
    const out = (options: object) => request(url, "/logout", { method: "POST", cookie, ...options });
    expect((await out({ csrf: null })).status).toBe(403);
    expect(
      (await out({ csrf: tokenIn(await request(url, "/", { cookie: await openSession(url) })) })).status,
    ).toBe(403);
    expect(await isOpen(url, cookie)).toBe(true);
    const form = { _csrf: tokenIn(await request(url, "/", { cookie })) };
    expect((await out({ csrf: null, form })).status).toBe(303);
    expect(await isOpen(url, cookie)).toBe(false);
  });

  it.each(["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb//"])(
    "never redirects to %j",
    async (next) => {
      const { url } = await start();
      const { headers } = await signIn(url, { next });
      expect(new URL(headers.get("location") ?? "", url).origin).toBe(url);
    },
  );

  it("ends the session at sign-out, everywhere", async () => {
    const [one, two] = [await start(), await start()];
    const cookie = await openSession(one.url);
    const answer = await request(one.url, "/logout", { method: "POST", cookie });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/login"]);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^wgw_console=;/);
    expect(await isOpen(two.url, cookie)).toBe(false);
  });

  it("gives a new id at every sign-in and ends the one before", async () => {
    const { url } = await start();
    const planted = await openSession(url);
    const form = { user: USER, password: PASSWORD };
    const fresh = cookieOf(await postLogin(url, form, { cookie: planted }));
    expect(fresh).not.toBe(planted);
    expect(await isOpen(url, planted)).toBe(false);
  });

  it("ends every session when the password is changed", async () => {
    const before = await start();
    const cookie = await openSession(before.url);
    const after = await start({ password: "a new password" });
    expect(await isOpen(after.url, cookie)).toBe(false);
  });

  it("ends a session after twelve hours, however busy, and earlier when idle", async () => {
    let nowMs = Date.now();
    const { url } = await start({ now: () => nowMs });
    const cookie = await openSession(url);
    const [key = ""] = await redis.client().keys(`${redis.prefix}:console:session:*`);
    expect(await redis.client().pttl(key)).toBeLessThanOrEqual(2 * HOUR_MS);
    nowMs += 11.5 * HOUR_MS;
    expect(await isOpen(url, cookie)).toBe(true);
    expect(await redis.client().pttl(key)).toBeLessThanOrEqual(0.5 * HOUR_MS);
    nowMs += 0.6 * HOUR_MS;
    expect(await isOpen(url, cookie)).toBe(false);
    expect(await redis.client().exists(key)).toBe(0);
  });

  it("leaves neither a password nor a usable session in Redis or in the log", async () => {
    const started = await start();
    await signIn(started.url, { user: "my password in the wrong field", password: "a guess" });
    const [, id = ""] = /wgw_console=([\w-]+)/.exec(await openSession(started.url)) ?? [];
    const client = redis.client();
    const keys = await client.keys(`${redis.prefix}:console:*`);
    const ofAudit = `${redis.prefix}:console:audit`;
    const values = await Promise.all(keys.filter((key) => key !== ofAudit).map((key) => client.get(key)));
    const audited = await client.xrange(ofAudit, "-", "+");
    expect(audited.length).toBe(2);
    for (const text of [...keys, ...values, ...audited.flat(2), started.logs()]) {
      expect(text).not.toContain(id);
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain("a guess");
      expect(text).not.toContain("my password in the wrong field");
    }
    const events = started
      .logs()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).audit);
    expect(events).toEqual(["login_refused", "signed_in"]);
  });
});
