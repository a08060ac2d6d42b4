import { getEventListeners, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAgentCallbacks, createKeys } from "@gateway/conversation";
import { afterEach, expect, it } from "@jest/globals";
import { callHermes } from "../../../services/worker/src/runners/hermes/http.ts";
import { errorSchema } from "../../../services/worker/src/runners/hermes/messages.ts";
import { createCallbackWaiter } from "../../../services/worker/src/runners/http/callback-waiter.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that a run of many hours, which looks every few seconds, leaves something in memory each time.

const ROUNDS = 20;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What hangs on a signal: listeners, and whatever sets the platform keeps of signals that follow it. */
function hangingOn(signal: AbortSignal): number {
  const kept = Object.getOwnPropertySymbols(signal).map((key) => Reflect.get(signal, key));
  // Of another realm than the test's, so that instanceof does not know them.
  const sizes = kept.map((value) => (typeof value?.size === "number" ? value.size : 0));
  return sizes.reduce((sum, size) => sum + size, getEventListeners(signal, "abort").length);
}

it("requests of a run leave nothing on its signal, and end with it", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/quick") response.end('{"error":{"code":"none","message":"none"}}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = new AbortController();
  const call = (path: string, timeoutMs: number) =>
    callHermes({ url, apiKey: "k", timeoutMs }, { method: "GET", path, signal: run.signal }, errorSchema);
  for (let round = 0; round < ROUNDS; round += 1)
    expect(await call("/quick", 30_000)).toMatchObject({ ok: true });
  expect(await call("/slow", 50)).toMatchObject({ ok: false, detail: "no answer in time" });
  const slow = call("/slow", 30_000);
  run.abort("user");
  expect(await slow).toMatchObject({ ok: false, detail: expect.stringMatching(/^no connection/) });
  expect(await call("/quick", 30_000)).toMatchObject({ ok: false });
  expect(hangingOn(run.signal)).toBe(0);
});

it("waiting for an agent's word leaves nothing on the run's signal, and ends with it", async () => {
  const redis = await startRedis();
  ends.push(redis.stop);
  const [connection, subscriber, keys] = [redis.client(), redis.client(), createKeys(redis.prefix)];
  const callbacks = createAgentCallbacks({ redis: connection, keys });
  const waiter = createCallbackWaiter({ callbacks, subscriber, keys });
  const run = new AbortController();
  for (let round = 0; round < ROUNDS; round += 1) {
    let isOver = false;
    void waiter.wait("anna", run.signal).then(() => {
      isOver = true;
    });
    await waitUntil("it hears", async () => {
      await connection.publish(keys.signals, "anna");
      return isOver;
    });
  }
  expect(hangingOn(run.signal)).toBe(0);
  const last = waiter.wait("anna", run.signal);
  run.abort("user");
  await last;
  await waiter.wait("anna", run.signal);
});
