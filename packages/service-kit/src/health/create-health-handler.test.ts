import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { HealthDeps } from "./create-health-handler.ts";
import { createHealthHandler } from "./create-health-handler.ts";

describe("createHealthHandler", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  type Get = (path: string, method?: string) => Promise<[number, string]>;

  async function serve(deps: HealthDeps, onHandled: (count: number) => void = () => undefined): Promise<Get> {
    const handle = createHealthHandler(deps);
    let count = 0;
    const server = createServer((request, response) => {
      if (!handle(request, response)) response.writeHead(404).end();
      count += 1;
      onHandled(count);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return async (path, method = "GET") => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return [response.status, await response.text()];
    };
  }

  it("answers liveness with exactly one body, whatever Redis does", async () => {
    const get = await serve({ ready: () => Promise.reject(new Error("down")) });
    expect(await get("/health")).toEqual([200, '{"status":"ok"}']);
    expect(await get("/health", "HEAD")).toEqual([200, ""]);
  });

  it("is ready when the check passes, and not when it fails, throws or hangs", async () => {
    const get = await serve({ ready: async () => "PONG" });
    expect(await get("/ready")).toEqual([200, '{"status":"ready"}']);
    const bad: HealthDeps["ready"][] = [
      () => Promise.reject(new Error("down")),
      () => {
        throw new Error("closed");
      },
      () => new Promise(() => undefined),
    ];
    for (const ready of bad) {
      const getBad = await serve({ ready, timeoutMs: 20 });
      expect(await getBad("/ready")).toEqual([503, '{"status":"unavailable"}']);
    }
  });

  it("shares one check between probes that come together", async () => {
    let checks = 0;
    const check = deferred();
    const arrived = deferred();
    const ready = () => {
      checks += 1;
      return check.promise;
    };
    const get = await serve({ ready, timeoutMs: 60_000 }, (count) => {
      if (count === 2) arrived.resolve();
    });
    const answers = Promise.all([get("/ready"), get("/ready")]);
    await arrived.promise;
    check.resolve();
    expect((await answers).map(([status]) => status)).toEqual([200, 200]);
    expect(checks).toBe(1);
  });

  it("leaves other requests alone", async () => {
    const get = await serve({ ready: async () => undefined });
    expect((await get("/other"))[0]).toBe(404);
    expect((await get("/health", "POST"))[0]).toBe(404);
  });
});

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}
