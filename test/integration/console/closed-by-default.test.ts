import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { TestConsole } from "./harness.ts";
import { openSession, request, startConsole } from "./harness.ts";

interface BoardRoute {
  readonly method: string | readonly string[];
  readonly route: string | readonly string[];
}

// Bull Board's own list, so that a route which a new version brings is covered the day it comes.
const fromConsole = createRequire(new URL("../../../services/console/package.json", import.meta.url));
const { appRoutes } = fromConsole("@bull-board/api/dist/routes.js") as {
  appRoutes: { entryPoint: BoardRoute; api: readonly BoardRoute[] };
};

const boardRoutes = [appRoutes.entryPoint, ...appRoutes.api].flatMap(({ method, route }) =>
  [method]
    .flat()
    .flatMap((verb) => [route].flat().map((path): [string, string] => [verb.toUpperCase(), path])),
);
const ROUTES: [string, string][] = [
  ["GET", "/"],
  ["GET", "/overview"],
  ["GET", "/audit"],
  ["GET", "/access"],
  ["GET", "/access/people"],
  ["POST", "/access/approve"],
  ["POST", "/access/admit"],
  ["POST", "/access/revoke"],
  ["GET", "/no-such-page"],
  ["GET", "/queues/static/favicon.ico"],
  ...boardRoutes.map(([verb, path]): [string, string] => [verb, `/queues${concrete(path)}`]),
];

describe("without a session", () => {
  let redis: TestRedis;
  let console: TestConsole;
  beforeAll(async () => {
    redis = await startRedis();
    console = await startConsole({ redisUrl: redis.url, prefix: redis.prefix });
  });
  afterAll(async () => {
    await console.stop();
    await redis.stop();
  });

  it("Bull Board's routes are known", () => {
    expect(boardRoutes.length).toBeGreaterThan(30);
  });

  it.each(ROUTES)("%s %s is refused", async (method, path) => {
    for (const cookie of [undefined, `wgw_console=${"A".repeat(43)}`, "wgw_console=*", "wgw_console="]) {
      const answer = await request(console.url, path, { method, cookie, json: {} });
      expect({ path, status: answer.status, text: answer.text }).toEqual({
        ...{ path, status: 401 },
        text: JSON.stringify({ error: "signed_out", hint: "Sign in at /login." }),
      });
    }
  });

  it.each(["/", "/queues/", "/queues/queue/inbound?page=2"])(
    "a browser that opens %s is sent to sign in",
    async (path) => {
      const answer = await request(console.url, path, { headers: { accept: "text/html,*/*;q=0.8" } });
      expect(answer.status).toBe(303);
      expect(answer.headers.get("location")).toBe(`/login?next=${encodeURIComponent(path)}`);
    },
  );

  it("the probes answer, and tell nothing else", async () => {
    const health = await request(console.url, "/health");
    expect([health.status, health.text]).toEqual([200, '{"status":"ok"}']);
    const ready = await request(console.url, "/ready");
    expect([ready.status, ready.text]).toEqual([200, '{"status":"ready"}']);
  });

  it("every answer carries the security headers, public or not", async () => {
    const cookie = await openSession(console.url);
    for (const path of [
      "/health",
      "/login",
      "/assets/console.css",
      "/",
      "/queues/",
      "/queues/api/queues",
      "/none",
    ]) {
      const { headers } = await request(console.url, path, { cookie });
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe|\*|http/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });

  it("pages load nothing from elsewhere and hold no inline script or style", async () => {
    const cookie = await openSession(console.url);
    for (const path of ["/login", "/", "/queues/"]) {
      const { text } = await request(console.url, path, { cookie: path === "/login" ? undefined : cookie });
      expect(text).toMatch(/^<!doctype html>/i);
      expect(text).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
      expect(text).not.toMatch(
        /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:src=|type="application\/json"))/,
      );
    }
  });
});

function concrete(route: string): string {
  return route.replace(":queueName", "inbound").replace(":queueStatus", "failed").replace(/:\w+/g, "some-id");
}
