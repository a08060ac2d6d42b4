import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import type { HostileAgent } from "../../testing/hostile-acp.ts";
import { hostileAgent } from "../../testing/hostile-acp.ts";
import { AGENT_SECRET, hostileLines } from "../../testing/hostile-acp-lines.ts";
import { playAcp } from "../../testing/play-acp.ts";
import type { TurnIO, TurnResult } from "../runner.ts";
import { connectAgent } from "./agent.ts";
import { failure, readError } from "./failures.ts";
import { createLineStream } from "./line-stream.ts";
import { orAbort } from "./pool.ts";
import { runPrompt } from "./prompt.ts";
import { closeSession, openSession } from "./session.ts";

const limits = { startMs: 100, idleMs: 60, toolIdleMs: 90, hardMs: 300 };
const profile = { command: ["agent"], env: [], mode: "default" } as const;
const createIo = (): TurnIO => ({
  signal: new AbortController().signal,
  emit: () => undefined,
  approve: async () => "approved",
  onSteer: () => undefined,
  checkpoint: async () => undefined,
});

/** One turn with an agent like that, from its start to its end. */
async function converse(played: HostileAgent): Promise<TurnResult> {
  const process = playAcp(played);
  const start = AbortSignal.timeout(limits.startMs);
  try {
    const agent = await orAbort(connectAgent(process, profile), start);
    const place = { conversation: "c", known: undefined, cwd: "/", mcpServers: [], profile, now: Date.now };
    const opened = await orAbort(openSession(agent, { ...place, signal: start, replay: false }), start);
    // As after a restart of the worker: the agent has to load it.
    const known = { ...opened, process: "another" };
    const again = openSession(agent, { ...place, known, signal: start, replay: true });
    const { sessionId } = await orAbort(again, start);
    const prompt = [{ type: "text" as const, text: "x".repeat(100_000) }];
    const { result } = await runPrompt({
      ...{ agent, sessionId, prompt, io: createIo(), limits },
      ...{ asides: undefined, onActed: () => undefined },
    });
    await closeSession(agent, place.conversation);
    return result;
  } catch (error) {
    if (start.aborted) return failure("timeout", "not ready");
    const { code, message } = readError(error);
    return failure(code, message);
  } finally {
    await process.end();
  }
}

/** Whether its process ends by itself. */
function hasLeft(played: HostileAgent | undefined): boolean {
  return Object.values(played ?? {}).some(
    (said) => typeof said === "object" && "answer" in said && said.answer === "exit",
  );
}

describe("an agent that prints anything", () => {
  it("comes to an answer or a clear failure, within its limits", async () => {
    const printed = jest.spyOn(console, "error");
    const open = new Set<Promise<unknown>>();
    await fc.assert(
      fc.asyncProperty(fc.array(hostileAgent, { minLength: 4, maxLength: 16 }), async (agents) => {
        const all = Promise.all(agents.map(converse));
        open.add(all);
        for (const [index, result] of (await all).entries()) {
          if (result.status === "done") expect(result.text.isWellFormed()).toBe(true);
          if (result.status !== "failed") continue;
          expect(JSON.stringify(result)).not.toContain(AGENT_SECRET);
          expect(result.detail).toMatch(/\.$|^not ready$/);
          if (!hasLeft(agents[index])) expect(result.code).not.toBe("crash");
        }
        open.delete(all);
      }),
    );
    // A property that is stopped for its time tells nothing of what hangs.
    await Promise.all(open);
    expect(printed).not.toHaveBeenCalled();
  });

  it("says the same wherever the pipe cuts", async () => {
    const read = async (parts: readonly Buffer[]) => {
      const messages: unknown[] = [];
      const note = (message: unknown) => void messages.push(message);
      const options = { lineBytes: 1e6, onBytes: () => undefined, onUpdate: note };
      const { readable } = createLineStream(new PassThrough(), Readable.from(parts), options);
      for await (const message of readable) note(message);
      return messages;
    };
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(hostileLines, sizes, async (bytes, lengths) => {
        const ends = lengths.map((_length, index) => lengths.slice(0, index + 1).reduce((a, b) => a + b, 0));
        const parts = [0, ...ends].map((from, index) => bytes.subarray(from, ends[index] ?? bytes.length));
        expect(await read(parts)).toEqual(await read([bytes]));
      }),
    );
  });
});

describe("found by the properties above", () => {
  const none = Buffer.alloc(0);
  const says = (result: unknown) => ({ before: none, answer: { result }, after: none });
  const plain: HostileAgent = {
    initialize: says({ protocolVersion: 1 }),
    "session/new": says({ sessionId: "s-1" }),
    "session/load": says({}),
    "session/prompt": says({ stopReason: "end_turn" }),
    "session/close": says({}),
    pieces: [],
    isDeaf: false,
  };

  it.each([
    ["initialize", null],
    ["initialize", { protocolVersion: { toString: 1 } }],
    ["session/new", null],
    ["session/new", { sessionId: 7 }],
    ["session/prompt", null],
    ["session/prompt", { stopReason: ["end_turn"] }],
  ])("%s answered with %j is no crash", async (method, result) => {
    expect(await converse({ ...plain, [method]: says(result) })).toMatchObject({ code: "protocol" });
  });

  it("modes that are none keep nobody from a session", async () => {
    const odd = says({ sessionId: "s-1", modes: { currentModeId: 1, availableModes: "default" } });
    expect(await converse({ ...plain, "session/new": odd })).toMatchObject({ code: "empty" });
  });

  it("a reason of its own stays out of the log", async () => {
    const result = await converse({
      ...plain,
      "session/prompt": says({ stopReason: `for ${AGENT_SECRET}` }),
    });
    expect(result).toMatchObject({ code: "empty", detail: expect.not.stringContaining(AGENT_SECRET) });
  });
});
