import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { eventsUntil } from "../timeline/harness.ts";
import type { TestApi } from "./harness.ts";
import { startApi, TOKEN } from "./harness.ts";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

describe("the command line", () => {
  let api: TestApi;
  let zhangsan: string;
  beforeAll(async () => {
    api = await startApi();
    zhangsan = `${api.gateway.app.corpId}/${api.gateway.app.agentId}/zhangsan`;
  });
  afterAll(() => api.stop());

  async function gateway(
    args: readonly string[],
    options: { env?: Record<string, string>; stdin?: string } = {},
  ) {
    const child = spawn(process.execPath, ["packages/cli/dist/main.js", ...args], {
      cwd: REPOSITORY,
      env: {
        PATH: process.env.PATH,
        GATEWAY_API_URL: api.console.url,
        GATEWAY_API_TOKEN: TOKEN,
        ...options.env,
      },
    });
    const printed = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      printed.out += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      printed.err += part;
    });
    child.stdin.end(options.stdin ?? "");
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, ...printed };
  }

  it("sends a message, from standard input too, and prints its id", async () => {
    const { code, out } = await gateway(["send", "--to", zhangsan, "--text", "-"], {
      stdin: "line 1\nline 2\n",
    });
    expect([code, out]).toEqual([0, expect.stringMatching(/^api-[0-9a-f]{32}\n$/)]);
    await eventsUntil(api.gateway, out.trim(), "finished");
    expect(api.seen("zhangsan")).toContain("line 1\nline 2");
    const told = await gateway(["timeline", out.trim()]);
    expect([told.code, told.out]).toEqual([0, expect.stringContaining("Sent part 1 of 1")]);
    const json = await gateway(["timeline", out.trim(), "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ id: out.trim(), state: "delivered" });
  });

  it("lists dead letters and replays them, and goes on where one is gone", async () => {
    const id = await api.gateway.say("lisi", "fail");
    await eventsUntil(api.gateway, id, "finished");
    const { out } = await gateway(["dead", "--json"]);
    const [{ id: dead }] = JSON.parse(out).deadLetters;
    expect((await gateway(["dead"])).out).toContain("The agent ended with an error. [agent]");
    const replayed = await gateway(["replay", "dead-never", dead]);
    expect(replayed).toMatchObject({ code: 1, out: `${dead}: replayed as ${id}-replay-1\n` });
    expect(replayed.err).toContain("dead-never: There is no such dead letter");
    await eventsUntil(api.gateway, `${id}-replay-1`, "finished");
  });

  it.each<[string, readonly string[], Record<string, string>, number, string]>([
    ["a refusal", ["send", "--to", "nobody", "--text", "x"], {}, 1, "name them as corp/agent/user"],
    ["a wrong token", ["dead"], { GATEWAY_API_TOKEN: "wrong" }, 1, "Authorization: Bearer"],
    ["no token", ["dead"], { GATEWAY_API_TOKEN: "" }, 2, "GATEWAY_API_TOKEN is not set"],
    ["no such command", ["fly"], {}, 2, "no such command"],
    ["no such flag", ["send", "--txt", "x"], {}, 2, "--txt"],
    [
      "nobody there",
      ["send", "--to", "x", "--text", "x"],
      { GATEWAY_API_URL: "http://127.0.0.1:9" },
      3,
      "--key",
    ],
  ])("says what to do about %s", async (_what, args, env, code, words) => {
    const answer = await gateway(args, { env });
    expect([answer.code, answer.err]).toEqual([code, expect.stringContaining(words)]);
    expect(answer.out).toBe("");
  });

  it("tells how it is used", async () => {
    expect(await gateway(["--help"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("gateway send --to"),
    });
    expect((await gateway([])).code).toBe(2);
  });
});
