import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { ModelAnswer, ModelRequest, ModelServer } from "../../support/model-server.ts";
import { startModelServer, textOf } from "../../support/model-server.ts";
import type { ServiceHandle } from "../../support/service.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { createToolFolder, MODEL_KEY, TOOL_SERVER } from "./openai-subject.ts";
import { createSharedKill } from "./shared-kill.ts";

// Retires the risk that a restart makes the built-in agent forget what it has done, do it twice, or lose an approval.

const LIMIT_MS = 180_000;
const hold: ModelAnswer = { raw: async (_stream, response) => void (await once(response, "close")) };

type Say = (results: readonly string[], request: ModelRequest) => ModelAnswer;

let stack: Stack;
let model: ModelServer;
let tools: Awaited<ReturnType<typeof createToolFolder>>;
const plays = new Map<string, Say>();
let people = 0;

beforeAll(async () => {
  tools = await createToolFolder();
  model = await startModelServer((request) => {
    const lastUser = request.messages.findLastIndex(({ role }) => role === "user");
    const asked = request.messages[lastUser];
    const results = request.messages.slice(lastUser).filter(({ role }) => role === "tool");
    const say = plays.get(textOf(asked));
    return say?.(results.map(textOf), request) ?? { text: "pong" };
  });
  const server = (name: string, approve: string) => ({
    ...{ name, approve, env: ["TOOLS_DIR"] },
    command: [process.execPath, TOOL_SERVER],
  });
  const mcp_servers = [server("desk", "never"), server("safe", "always")];
  const runner = { kind: "openai", url: model.url, api_key: MODEL_KEY, model: "m", mcp_servers };
  stack = await startStack({
    apps: [{ name: "main", settings: { runner } }],
    env: { TOOLS_DIR: tools.folder, WORKER_DEAD_AFTER_SECONDS: "1", APPROVAL_SECONDS: "10" },
  });
}, LIMIT_MS);
afterAll(async () => {
  await stack?.stop();
  await waitUntil("no tool server is left", async () => (await tools.alive()) === 0);
  await model?.close();
  await tools?.remove();
});

const call = (name: string, text: string): ModelAnswer => ({ calls: [{ name, args: { text } }] });

/** Somebody new, and the effects of tools that are theirs. */
function newPerson() {
  const user = `person-${++people}`;
  const seen = () =>
    stack.emulator
      .seen({ app: "main", user })
      .map(({ content }) => (content.kind === "text" ? content.text : content.kind));
  return {
    user,
    seen,
    say: (text: string) => stack.emulator.pushText({ app: "main", user, text }),
    hears: (pattern: RegExp) =>
      waitUntil(`${user} hears ${pattern}`, () => seen().find((text) => pattern.test(text)), {
        timeoutMs: 60_000,
        describe: () => `${JSON.stringify(seen())}\n${stack.logs().slice(-8000)}`,
      }),
    effects: async () => (await tools.calls()).filter((line) => line.endsWith(user)),
  };
}

describe("kill -9 of the worker", () => {
  // Each waits for a worker to be missed; they wait together.
  const kill = createSharedKill(3, () => stack.workers[0] as ServiceHandle);

  it.concurrent(
    "in the middle of a tool: what was done is not done again, and the answer comes once",
    async () => {
      const { user, say, hears, seen, effects } = newPerson();
      plays.set(`cut off ${user}`, (results) => {
        if (results.length === 0) return call("desk_note", user);
        if (results.length === 1) return call("desk_slow", user);
        return { text: `in the end: ${results.join(" | ")}` };
      });
      await say(`cut off ${user}`);
      await waitUntil("the slow tool is at it", async () => (await effects()).length === 2, {
        timeoutMs: 60_000,
        describe: stack.logs,
      });
      await kill();
      await hears(/in the end: noted .* \| .*may or may not have taken effect/);
      expect(await effects()).toEqual([`note ${user}`, `slow ${user}`]);
      expect(seen().filter((text) => text.startsWith("in the end"))).toHaveLength(1);
    },
    LIMIT_MS,
  );

  it.concurrent(
    "between two steps: the next one goes on with what is there",
    async () => {
      const { user, say, hears, effects } = newPerson();
      let asked = 0;
      plays.set(`between ${user}`, (results) => {
        if (results.length === 0) return call("desk_note", user);
        asked += 1;
        return asked === 1 ? hold : { text: `went on with ${results.join()}` };
      });
      await say(`between ${user}`);
      await waitUntil("the second step has begun", () => asked === 1, {
        timeoutMs: 60_000,
        describe: stack.logs,
      });
      await kill();
      await hears(/^went on with noted/);
      expect(await effects()).toEqual([`note ${user}`]);
    },
    LIMIT_MS,
  );

  it.concurrent(
    "while the person is asked: the question stands, under its code, and is told once",
    async () => {
      const { user, say, hears, seen, effects } = newPerson();
      plays.set(`ask ${user}`, (results) =>
        results.length === 0 ? call("safe_note", user) : { text: `allowed: ${results.join()}` },
      );
      await say(`ask ${user}`);
      const question = await hears(/\/approve/);
      const [, code = ""] = /\/approve ([A-Z0-9]{4})/.exec(question) ?? [];
      await kill();
      await hears(/重启/);
      expect(await effects()).toEqual([]);
      await say(`/approve ${code}`);
      await hears(/^allowed: noted/);
      expect(await effects()).toEqual([`note ${user}`]);
      expect(seen().filter((text) => text === question)).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

describe("approvals by chat", () => {
  it.concurrent.each([
    ["/deny", /did not allow/],
    [undefined, /did not answer in time/],
  ])(
    "%s: the tool does not act, and the model is told",
    async (wish, told) => {
      const { user, say, hears, effects } = newPerson();
      plays.set(`may I ${user}`, (results) =>
        results.length === 0 ? call("safe_note", user) : { text: `then: ${results.join()}` },
      );
      await say(`may I ${user}`);
      await hears(/\/approve/);
      if (wish !== undefined) await say(wish);
      expect(await hears(/^then: /)).toMatch(told);
      expect(await effects()).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe("the transcript", () => {
  it(
    "has the calls and their results, /undo and /retry change it, /new forgets it",
    async () => {
      const { user, say, hears } = newPerson();
      const history = ({ messages }: ModelRequest) => messages.slice(1, -1);
      const shown: string[] = [];
      plays.set(`first ${user}`, (results) =>
        results.length === 0 ? call("desk_lookup", user) : { text: "first answer" },
      );
      const tell = (name: string) =>
        plays.set(`${name} ${user}`, (_results, request) => {
          shown.push(
            history(request)
              .map(({ role }) => role)
              .join(),
          );
          return { text: `${name} answer ${shown.length}` };
        });
      for (const name of ["second", "third", "last"]) tell(name);

      await say(`first ${user}`);
      await hears(/^first answer/);
      await say(`second ${user}`);
      await hears(/^second answer 1/);
      expect(shown.at(-1)).toBe("user,assistant,tool,assistant");
      await say("/retry");
      await hears(/^second answer 2/);
      expect(shown.at(-1)).toBe("user,assistant,tool,assistant");
      await say(`third ${user}`);
      await hears(/^third answer 3/);
      expect(shown.at(-1)).toBe("user,assistant,tool,assistant,user,assistant");
      await say("/undo 2");
      await hears(/2/);
      await say(`last ${user}`);
      await hears(/^last answer 4/);
      expect(shown.at(-1)).toBe("user,assistant,tool,assistant");
      await say("/new");
      await hears(/新/);
      await say(`third ${user}`);
      await hears(/^third answer 5/);
      expect(shown.at(-1)).toBe("");
    },
    LIMIT_MS,
  );
});

it("has no secret in any log", () => {
  expect(stack.logs()).not.toContain(MODEL_KEY);
});
