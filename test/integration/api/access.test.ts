import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import { openSession, startConsole } from "../console/harness.ts";
import type { TestApi } from "./harness.ts";
import { startApi, TOKEN, text } from "./harness.ts";

describe("the API", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const paths = [
    ["GET", "/openapi.json"],
    ["POST", "/messages"],
    ["GET", "/messages/x"],
    ["GET", "/messages/x/timeline"],
    ["GET", "/dead-letters"],
    ["POST", "/dead-letters/x/replay"],
    ["GET", "/"],
  ] as const;

  it.each(paths)(
    "%s %s takes no request without the token, with another one or with a session",
    async (method, path) => {
      const cookie = await openSession(api.console.url);
      for (const options of [{}, { headers: { cookie, origin: api.console.url } }]) {
        const answer = await api.call(method, path, { token: undefined, ...options });
        expect([answer.status, answer.json.error]).toEqual([401, "token_invalid"]);
        expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      }
      expect((await api.call(method, path, { token: `${TOKEN}x` })).status).toBe(401);
    },
  );

  it("needs no Origin, which programs do not send, and says so in its log only by what was done", async () => {
    const { app } = api.gateway;
    const answer = await api.send({
      to: { user: `${app.corpId}/${app.agentId}/zhangsan` },
      message: text("SECRET"),
    });
    expect(answer.status).toBe(202);
    await waitUntil("it is written down", () => api.console.logs().includes('"audit":"api_send"'));
    expect(api.console.logs()).not.toContain("SECRET");
    expect(api.console.logs()).not.toContain(TOKEN);
  });

  it("does not open the console's own pages", async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    for (const path of ["/messages", "/queues/api/queues", "/overview"])
      expect((await fetch(api.console.url + path, { headers })).status).toBe(401);
    const answer = await fetch(`${api.console.url}/dead/drop`, { method: "POST", headers });
    expect(answer.status).toBe(403);
  });

  it("answers in JSON whatever is wrong with the request", async () => {
    const headers = { "idempotency-key": "k", accept: "text/html" };
    const broken = await api.call("POST", "/messages", { body: "{half", headers });
    expect([broken.status, broken.json.error]).toEqual([400, "request_invalid"]);
    const large = await api.call("POST", "/messages", {
      body: JSON.stringify({ a: "x".repeat(300_000) }),
      headers,
    });
    expect([large.status, large.json.error]).toEqual([413, "too_large"]);
    const nothing = await api.call("GET", "/nothing", { headers });
    expect([nothing.status, nothing.json.error]).toEqual([404, "not_found"]);
  });

  it("slows down who guesses, and not who has the token", async () => {
    const guesses = await Promise.all(
      Array.from({ length: 60 }, (_, index) => api.call("GET", "/dead-letters", { token: `guess-${index}` })),
    );
    const limited = guesses.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(20);
    expect(Number(limited[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await api.call("GET", "/dead-letters")).status).toBe(200);
  });

  it("limits also who has the token", async () => {
    const { redis } = api.gateway;
    await redis.client().set(`${redis.prefix}:console:api-requests`, 600, "PX", 60_000);
    const answer = await api.call("GET", "/dead-letters");
    expect([answer.status, answer.json.error]).toEqual([429, "too_many_requests"]);
  });

  it("is turned off where there is no token", async () => {
    const { redis } = api.gateway;
    const off = await startConsole({ redisUrl: redis.url, prefix: redis.prefix });
    const headers = { authorization: "Bearer undefined" };
    const answer = await fetch(`${off.url}/api/v1/dead-letters`, { headers });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([404, "api_off"]);
    await off.stop();
  });
});
