import { once } from "node:events";
import type { ModelAnswer, ModelRequest } from "../../support/model-server.ts";
import { textOf } from "../../support/model-server.ts";
import type { Act, Subject } from "./contract/subject.ts";
import { describeRunnerContract } from "./contract.ts";
import { MODEL_KEY, startOpenai, toolServer } from "./openai-subject.ts";

describeRunnerContract(
  "openai",
  {
    approvals: "live",
    progress: true,
    steer: true,
    memory: "history",
    // The model remembers nothing: what had no effect is asked again, what had is in the run's journal.
    afterCrash: "again",
    timeLimit: true,
    cannot: ["stubborn", "remember"],
  },
  startModel,
);

type Wish = Act & { readonly id: string };

async function startModel(): Promise<Subject> {
  const given: string[] = [];
  const free = new Map<string, () => void>();
  const freed = new Map<string, Promise<void>>();
  const untilFree = (id: string) => {
    const known = freed.get(id) ?? new Promise<void>((resolve) => free.set(id, resolve));
    freed.set(id, known);
    return known;
  };
  const stage = await startOpenai(async (request) => {
    const asked = request.messages.findLast(({ role }) => role === "user");
    const text = textOf(asked);
    if (!text.startsWith("{")) return { text: "pong" };
    if (request.messages.at(-1)?.role === "user") given.push(text);
    const wish = JSON.parse(text.split("\n", 1)[0] ?? "") as Wish;
    return play(wish, request, () => untilFree(wish.id));
  });
  const mcpServers = [toolServer({ approve: ["note"] })];
  return {
    runner: (options) => stage.runner({ mcpServers, ...options }),
    broken: () => stage.runner({ url: "http://127.0.0.1:9/v1" }),
    say: (act, id) =>
      ["stubborn", "remember"].includes(act.do) ? undefined : `${JSON.stringify({ ...act, id })}\n`,
    given: async (id) => given.filter((text) => text.includes(id)),
    async release(id) {
      untilFree(id);
      free.get(id)?.();
    },
    left: async () => stage.server.open(),
    secrets: [MODEL_KEY, "canary-of-the-worker"],
    logs: stage.logs,
    stop: stage.stop,
  };
}

async function play(wish: Wish, request: ModelRequest, untilFree: () => Promise<void>): Promise<ModelAnswer> {
  const results = request.messages.filter(({ role }) => role === "tool").map(textOf);
  switch (wish.do) {
    case "answer":
      return { text: wish.text };
    case "progress":
      if (results.length < wish.titles.length) return { calls: [{ name: "desk_lookup" }] };
      return { text: wish.text };
    case "wait":
      await untilFree();
      return { text: wish.text };
    case "hang":
      return { raw: (_stream, response) => void once(response, "close") };
    case "ask":
      if (results.length === 0) return { calls: [{ name: "desk_note", args: { text: wish.title } }] };
      return { text: /did not allow/.test(results.join()) ? "denied" : "approved" };
    case "fail":
      return { status: 400, body: JSON.stringify({ error: { message: wish.why, code: "bad_request" } }) };
    case "empty":
      return { text: " \n" };
    case "die":
      return {
        raw(stream, response) {
          stream.delta({ content: wish.text });
          setTimeout(() => response.destroy(), 20);
        },
      };
    case "flood":
      return { text: "flood ".repeat(400_000) };
    case "garbage":
      return {
        raw(stream) {
          const chunk = {
            id: "c",
            object: "x",
            created: 1,
            model: "m",
            choices: [{ index: 0, delta: { content: "§" } }],
          };
          const [left = "", right = ""] = JSON.stringify(chunk).split("§");
          stream.line(
            Buffer.concat([
              Buffer.from(`${left}left `),
              Buffer.from([0xff, 0xfe]),
              Buffer.from(` right${right}`),
            ]),
          );
          stream.delta({}, "stop");
          stream.end();
        },
      };
    case "recall":
      return { text: /remember (\w+)/.exec(request.messages.map(textOf).join("\n"))?.[1] ?? "nothing" };
    default:
      return { text: "?" };
  }
}
