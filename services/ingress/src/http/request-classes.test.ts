import { createServer, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import express from "express";
import { createRequestClasses, provenRequestClasses } from "./request-classes.ts";

describe("the request classes", () => {
  it("make requests and responses that Express need not change", async () => {
    const app = express();
    const { classes, isFast } = provenRequestClasses(app);
    expect(isFast).toBe(true);
    const seen: unknown[] = [];
    app.post("/path", express.json(), (request, response) => {
      seen.push(request.query.a, request.get("x-header"), request instanceof IncomingMessage);
      seen.push(request.body, response instanceof ServerResponse);
      response.status(202).json({ ok: true });
    });
    const server = createServer(classes, (request, response) => {
      seen.push(Object.getPrototypeOf(request) === app.request);
      seen.push(Object.getPrototypeOf(response) === app.response);
      app(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/path?a=1`, {
        method: "POST",
        headers: { "x-header": "h", "content-type": "application/json" },
        body: '{"b":2}',
      });
      expect([answer.status, await answer.json()]).toEqual([202, { ok: true }]);
      expect(seen).toEqual([true, true, "1", "h", true, { b: 2 }, true]);
    } finally {
      server.close();
    }
  });

  const broken: [string, typeof createRequestClasses][] = [
    ["Express would change", () => ({ IncomingMessage, ServerResponse })],
    [
      "cannot be made",
      (app) =>
        withRequest(app, () => {
          throw new TypeError("Class constructors cannot be invoked");
        }),
    ],
    ["lack their state", (app) => withRequest(app, () => Object.create(app.request))],
  ];
  it.each(broken)("that %s are not used", (_name, make) => {
    const { classes, isFast } = provenRequestClasses(express(), make);
    expect(isFast).toBe(false);
    expect(classes).toEqual({ IncomingMessage, ServerResponse });
  });
});

function withRequest(app: express.Express, construct: () => object) {
  const Request = function request() {
    return construct();
  };
  return { ...createRequestClasses(app), IncomingMessage: Request as unknown as typeof IncomingMessage };
}
