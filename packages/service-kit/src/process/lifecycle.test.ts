import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createLogger } from "../logging/create-logger.ts";
import { createLifecycle } from "./lifecycle.ts";

class FakeProcess extends EventEmitter {
  exitCode: number | undefined;
  readonly exits: unknown[] = [];
  exit(code?: number | string | null): void {
    this.exits.push(code ?? this.exitCode);
  }
  getActiveResourcesInfo(): string[] {
    return ["TCPSocketWrap"];
  }
}

function setUp() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: "info", service: "test", destination });
  const lifecycle = createLifecycle({ logger, graceMs: 1000, forceMs: 500 });
  const host = new FakeProcess();
  lifecycle.install(host);
  return { lifecycle, host, log: () => lines.join("") };
}

describe("createLifecycle", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it("releases in reverse order, one after the other, after telling everybody to stop", async () => {
    const { lifecycle } = setUp();
    const events: string[] = [];
    lifecycle.stopping.addEventListener("abort", () => events.push("stopping"));
    for (const name of ["redis", "queue", "worker"]) {
      lifecycle.use(name, async () => {
        events.push(`${name} closes`);
        await Promise.resolve();
        events.push(`${name} closed`);
      });
    }
    await lifecycle.shutdown("test");
    expect(events).toEqual([
      "stopping",
      "worker closes",
      "worker closed",
      "queue closes",
      "queue closed",
      "redis closes",
      "redis closed",
    ]);
    expect(lifecycle.forced.aborted).toBe(false);
  });

  it("goes on after a releaser that fails, and says which", async () => {
    const { lifecycle, host, log } = setUp();
    let closed = false;
    lifecycle.use("redis", () => {
      closed = true;
    });
    lifecycle.use("server", () => Promise.reject(new Error("stuck")));
    await lifecycle.shutdown("test");
    expect(closed).toBe(true);
    expect(log()).toContain('"releaser":"server"');
    expect(host.exitCode).toBe(1);
  });

  it("ends with 0 by itself on a signal, and by the backstop when something is left open", async () => {
    const { host, log, lifecycle } = setUp();
    host.emit("SIGTERM", "SIGTERM");
    await jest.advanceTimersByTimeAsync(0);
    expect(lifecycle.stopping.aborted).toBe(true);
    expect([host.exitCode, host.exits]).toEqual([0, []]);
    await jest.advanceTimersByTimeAsync(2000);
    expect(host.exits).toEqual([0]);
    expect(log()).toContain('"open":["TCPSocketWrap"]');
  });

  it.each([
    ["after the grace", (_host: FakeProcess) => jest.advanceTimersByTimeAsync(1000)],
    ["on a second signal", async (host: FakeProcess) => void host.emit("SIGINT", "SIGINT")],
  ])("forces %s", async (_when, act) => {
    const { lifecycle, host } = setUp();
    lifecycle.use(
      "worker",
      () => new Promise<void>((resolve) => lifecycle.forced.addEventListener("abort", () => resolve())),
    );
    host.emit("SIGTERM", "SIGTERM");
    await jest.advanceTimersByTimeAsync(0);
    expect([lifecycle.forced.aborted, host.exitCode]).toEqual([false, undefined]);
    await act(host);
    await jest.advanceTimersByTimeAsync(0);
    expect([lifecycle.forced.aborted, host.exitCode]).toEqual([true, 0]);
    await jest.advanceTimersByTimeAsync(400);
    expect(host.exits).toEqual([]);
  });

  it("exits without a releaser that never ends, and names it", async () => {
    const { lifecycle, host, log } = setUp();
    lifecycle.use("worker", () => new Promise(() => undefined));
    host.emit("SIGTERM", "SIGTERM");
    await jest.advanceTimersByTimeAsync(1499);
    expect(host.exits).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(host.exits).toEqual([1]);
    expect(log()).toMatch(/"level":"fatal".*"waitingFor":"worker"/);
  });

  it("exits at once on the third signal", async () => {
    const { lifecycle, host } = setUp();
    lifecycle.use("worker", () => new Promise(() => undefined));
    for (let count = 0; count < 3; count += 1) host.emit("SIGINT", "SIGINT");
    expect(host.exits).toEqual([1]);
  });

  it.each(["uncaughtException", "unhandledRejection"])("logs an %s and exits with 1", (event) => {
    const { host, log } = setUp();
    host.emit(event, new Error("broken"));
    expect(host.exits).toEqual([1]);
    expect(log()).toMatch(/"level":"fatal".*broken/);
  });

  it("leaves no timer behind", async () => {
    const destination = { write: () => undefined };
    const logger = createLogger({ level: "info", service: "test", destination });
    const lifecycle = createLifecycle({ logger, graceMs: 1000 });
    await lifecycle.shutdown("test");
    expect(jest.getTimerCount()).toBe(0);
  });
});
