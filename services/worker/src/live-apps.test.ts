import type { AppConfig } from "@gateway/service-kit";
import { describe, expect, it } from "@jest/globals";
import type { AppParts } from "./live-apps.ts";
import { createLiveApps } from "./live-apps.ts";
import type { AgentRunner, Turn, TurnIO } from "./runners/runner.ts";

function config(overrides: Partial<AppConfig> = {}): AppConfig {
  return {
    name: "sales",
    corpId: "wwOne",
    agentId: "1",
    corpSecret: "secret-1",
    keys: [{ token: "t", encodingAesKey: "k" }],
    apiBaseUrl: "http://127.0.0.1",
    allowedUsers: [],
    allowAllUsers: true,
    adminUsers: [],
    pairing: false,
    denyNotice: false,
    cards: false,
    adminsApprove: false,
    replies: { format: "text", number: false, unknownOutcome: "dead-letter", late: "dead-letter" },
    runner: { kind: "demo" },
    language: "zh-CN",
    busyMode: "queue",
    menu: {},
    media: { dirs: [], urls: false, wholeAfterChunks: 10 },
    ...overrides,
  };
}

interface TestRunner extends AgentRunner {
  readonly shutdowns: () => number;
  readonly finish: () => void;
}

function harness(configs: readonly AppConfig[]) {
  const runners: TestRunner[] = [];
  const parts: AppParts = {
    client: (app) => ({ secret: app.corpSecret }) as never,
    runner: (app) => {
      if (app.name === "broken") throw new Error("no such runner");
      const runner = createTestRunner();
      runners.push(runner);
      return runner;
    },
    rest: ({ name, pairing }) => ({ name, pairing }) as never,
    logger: { warn: () => undefined },
  };
  return { apps: createLiveApps(configs, parts), runners };
}

function createTestRunner(): TestRunner {
  let shutdowns = 0;
  let finish: () => void = () => undefined;
  return {
    kind: "test",
    probe: async () => ({ ok: true }),
    run: () =>
      new Promise((resolve) => {
        finish = () => resolve({ status: "cancelled" });
      }),
    async shutdown() {
      shutdowns += 1;
    },
    shutdowns: () => shutdowns,
    finish: () => finish(),
  };
}

const find = ({ apps }: ReturnType<typeof harness>, corpId = "wwOne") => apps.find({ corpId, agentId: "1" });

describe("apps that change while turns run", () => {
  it("keep client and runner where nothing of theirs has changed", () => {
    const live = harness([config()]);
    const first = find(live);
    expect(live.apps.replace([config({ pairing: true, adminUsers: ["boss"] })])).toEqual([]);
    expect(find(live)).toMatchObject({ pairing: true });
    expect(find(live)?.client).toBe(first?.client);
    expect(find(live)?.runner).toBe(first?.runner);
    expect(live.runners).toHaveLength(1);
  });

  it("get a new client for a new secret, and keep the runner", () => {
    const live = harness([config()]);
    const before = find(live);
    live.apps.replace([config({ corpSecret: "secret-2" })]);
    expect(find(live)?.client).toEqual({ secret: "secret-2" });
    expect(find(live)?.runner).toBe(before?.runner);
  });

  it("get a new runner when the agent may send files of other directories", () => {
    const live = harness([config()]);
    const before = find(live);
    live.apps.replace([config({ media: { dirs: ["/srv/out"], urls: false, wholeAfterChunks: 10 } })]);
    expect(find(live)?.runner).not.toBe(before?.runner);
  });

  it("come and go, and a new runner is told of", () => {
    const live = harness([config()]);
    const added = config({ corpId: "wwTwo", name: "two" });
    expect(live.apps.replace([added]).map(({ name }) => name)).toEqual(["two"]);
    expect(find(live)).toBeUndefined();
    expect(find(live, "wwTwo")).toBeDefined();
    expect(live.apps.all.map(({ name }) => name)).toEqual(["two"]);
    expect(live.runners.map((runner) => runner.shutdowns())).toEqual([1, 0]);
  });

  it("let a replaced runner finish what it runs before it is shut down", async () => {
    const live = harness([config()]);
    const run = find(live)?.runner.run({} as Turn, {} as TurnIO);
    live.apps.replace([
      config({ runner: { kind: "command", command: ["agent"], output: "text", env: [], timeoutMs: 1 } }),
    ]);
    expect(live.runners[0]?.shutdowns()).toBe(0);
    live.runners[0]?.finish();
    await run;
    expect(live.runners.map((runner) => runner.shutdowns())).toEqual([1, 0]);
  });

  it("keep a replaced runner for a turn that has not begun to run yet, until that turn's end", async () => {
    const live = harness([config()]);
    const app = find(live);
    const leave = app?.runner.lease?.();
    // The turn's files are being fetched.
    live.apps.replace([]);
    expect(live.runners[0]?.shutdowns()).toBe(0);
    const run = app?.runner.run({} as Turn, {} as TurnIO);
    live.runners[0]?.finish();
    await run;
    expect(live.runners[0]?.shutdowns()).toBe(0);
    leave?.();
    expect(live.runners[0]?.shutdowns()).toBe(1);
  });

  it("stay as they are when one of the new ones cannot be built", () => {
    const live = harness([config()]);
    const before = find(live);
    const broken = config({ corpId: "wwTwo", name: "broken" });
    expect(() => live.apps.replace([config({ pairing: true }), broken])).toThrow("no such runner");
    expect(find(live)).toBe(before);
    expect(live.runners[0]?.shutdowns()).toBe(0);
  });
});
