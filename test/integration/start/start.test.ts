import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { isAlive } from "../../support/is-alive.ts";
import { spawnProcess } from "../../support/process.ts";
import type { StartedGateway } from "../../support/start-script.ts";
import { runStartScript } from "../../support/start-script.ts";
import { waitUntil } from "../../support/wait-until.ts";

describe("npm start", () => {
  let gateway: StartedGateway | undefined;
  afterEach(async () => {
    await gateway?.clean();
    gateway = undefined;
  });
  const start = async (env?: Record<string, string>) => {
    gateway = await runStartScript(env);
    return gateway;
  };

  it("brings everything up, carries a message through it, and leaves nothing after Ctrl-C", async () => {
    const { process, stateDir, ports, untilUp } = await start();
    await untilUp();
    expect(process.logs()).toContain(`http://127.0.0.1:${ports.emulator}/`);
    expect(process.logs()).toMatch(/Queues +http:\S+ +\(user admin, password \S{12,}\)/);
    await exchange(ports.emulator);
    // The README's next step, without any setting: it finds the demo's apps and the Redis that was started.
    const ingress = `http://127.0.0.1:${ports.ingress}/wecom/callback`;
    const doctor = spawnProcess({
      name: "doctor",
      command: globalThis.process.execPath,
      args: ["scripts/gateway.mjs", "doctor", "--callback-url", ingress],
      env: { GATEWAY_STATE_DIR: stateDir },
    });
    const { code } = await doctor.exited;
    expect([code, doctor.logs()]).toEqual([0, expect.stringContaining("No problem found.")]);

    const children = childPids(stateDir);
    expect(children).toHaveLength(5);
    process.signal("SIGINT");
    expect(await process.exited).toEqual({ code: 0, signal: null });
    expect(children.filter(isAlive)).toEqual([]);
    expect(stopOrder(process.logs())).toEqual(["ingress", "worker", "console", "emulator"]);
    expect(process.logs()).not.toMatch(/forcing|ERROR|FATAL/);
  });

  it("leaves nothing when it is killed itself", async () => {
    const { process, stateDir, untilUp } = await start();
    await untilUp();
    const children = childPids(stateDir);
    process.signal("SIGKILL");
    await process.exited;
    await waitUntil("the children are gone", () => children.filter(isAlive).length === 0, {
      timeoutMs: 30_000,
    });
  });

  it("says which process died, shows its last lines, and stops the others", async () => {
    const { process, stateDir, untilUp } = await start();
    await untilUp();
    const children = childPids(stateDir);
    globalThis.process.kill(pidOf(stateDir, "worker"), "SIGKILL");
    expect(await process.exited).toEqual({ code: 1, signal: null });
    expect(process.logs()).toMatch(/worker ended by itself \(SIGKILL\)\. Its last lines:\n.*"msg":/);
    expect(children.filter(isAlive)).toEqual([]);
  });

  it("says in plain words that a port is taken, and starts nothing", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const address = server.address();
      const port = address !== null && typeof address === "object" ? address.port : 0;
      const { process, stateDir } = await start({ CONSOLE_PORT: String(port) });
      expect((await process.exited).code).toBe(1);
      expect(process.logs()).toContain(`Port ${port} is taken, and console needs it.`);
      expect(process.logs()).not.toMatch(/\n\s+at /);
      expect(childPids(stateDir)).toEqual([]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("tells every fault of a real app's settings and starts no emulator for it", async () => {
    const { process, stateDir } = await start({ WECOM_CALLBACK_CORP_ID: "ww1234567890abcdef" });
    expect((await process.exited).code).toBe(1);
    expect(process.logs()).toContain("WECOM_CALLBACK_CORP_SECRET");
    expect(process.logs()).toContain("WECOM_CALLBACK_TOKEN");
    expect(process.logs()).not.toMatch(/\n\s+at /);
    expect(childPids(stateDir)).toEqual([]);
  });
});

/** Writes as a member to the first app and waits for what comes back on the member's screen. */
async function exchange(emulatorPort: number): Promise<void> {
  const base = `http://127.0.0.1:${emulatorPort}/_emulator`;
  const { apps } = (await getJson(`${base}/apps`)) as { apps: { name: string }[] };
  const app = apps[0]?.name ?? "";
  const response = await fetch(`${base}/pushes`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ app, user: "zhangsan", content: { type: "text", content: "hello" }, wait: true }),
  });
  expect(await response.json()).toMatchObject({ status: "acknowledged" });
  await waitUntil("the reply is there", async () => {
    const { sent } = (await getJson(`${base}/sent?app=${app}&user=zhangsan`)) as { sent: unknown[] };
    return sent.length > 0;
  });
}

async function getJson(url: string): Promise<unknown> {
  return await (await fetch(url)).json();
}

function childPids(stateDir: string): number[] {
  try {
    return readdirSync(join(stateDir, "logs")).map((file) => pidOf(stateDir, file.replace(".log", "")));
  } catch {
    return [];
  }
}

function pidOf(stateDir: string, name: string): number {
  const log = readFileSync(join(stateDir, "logs", `${name}.log`), "utf8");
  return Number(/started as process (\d+)/.exec(log)?.[1]);
}

function stopOrder(logs: string): string[] {
  return [...logs.matchAll(/^(\w+) +│ shutdown: begun/gm)].map((match) => match[1] ?? "");
}
