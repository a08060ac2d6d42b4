import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { AbandonedTurn, Attachment } from "../../../services/worker/src/runners/runner.ts";
import { RunFailed } from "../../support/hermes/runs.ts";
import type { HermesServer } from "../../support/hermes/server.ts";
import { startHermes } from "../../support/hermes/server.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { BegunRun } from "./contract/begin-run.ts";
import { beginRun } from "./contract/begin-run.ts";
import { hermesRunner, untilRuns } from "./hermes-harness.ts";

// Retires the risk that a run is begun twice, or that a restart of Hermes is lost on the person.

let hermes: HermesServer;
const begin = (text = "hello", options: Parameters<typeof beginRun>[2] = {}) =>
  beginRun(hermesRunner(hermes), text, options);
const bodies = () => hermes.runs.map(({ body }) => body);

beforeEach(async () => {
  hermes = await startHermes();
});
afterEach(() => hermes.stop());

describe("what is sent", () => {
  it("has a session per epoch, a memory per person, and both instructions", async () => {
    const runner = hermesRunner(hermes, { instructions: "Speak French." });
    const first = beginRun(runner, "one");
    await first.result;
    await beginRun(runner, "two", { follows: first }).result;
    const [one, two] = hermes.runs;
    expect(one?.body.session_id).toMatch(/^wc_[0-9a-f]{40}_0$/);
    expect(two?.body.session_id).toBe(one?.body.session_id);
    expect(one?.sessionKey).toBe(
      `agent:main:wecom_callback:dm:ww1:1000002:${first.turn.conversation.userId}`,
    );
    expect(one?.body.instructions).toMatch(/WeCom[\s\S]*Speak French\.$/);
    expect(one?.key).not.toBe(two?.key);
  });

  it("has pictures in it, and paths only where Hermes shares the disk", async () => {
    const dir = await mkdtemp(join(tmpdir(), "pictures-"));
    const path = join(dir, "a.png");
    await writeFile(path, "not really a picture");
    const picture: Attachment = { kind: "image", path, name: "a.png", mime: "image/png", sizeBytes: 20 };
    const report: Attachment = {
      ...picture,
      kind: "file",
      path: join(dir, "r.pdf"),
      mime: "application/pdf",
    };
    const text = `look\n[image] a.png (${path})\n[file] r.pdf (${report.path})`;
    const run = async (mediaDirs: readonly string[]) => {
      const begun = beginRun(withFiles(hermesRunner(hermes, { mediaDirs }), [picture, report]), text);
      expect(await begun.result).toMatchObject({ status: "done" });
      return begun;
    };
    const apart = await run([]);
    await run([dir]);
    const url = `data:image/png;base64,${Buffer.from("not really a picture").toString("base64")}`;
    expect(bodies().map(({ input }) => input)).toEqual(
      ["look\n[image] a.png\n[file] r.pdf", text].map((said) => [
        {
          role: "user",
          content: [
            { type: "text", text: said },
            { type: "image_url", image_url: { url } },
          ],
        },
      ]),
    );
    // The next attempt sends the same bytes, and does not keep them in its checkpoint.
    const again = withFiles(hermesRunner(hermes), [picture, report]);
    expect(await beginRun(again, "", { after: forgetId(apart) }).result).toMatchObject({ status: "done" });
    expect(hermes.runs).toHaveLength(2);
    await rm(dir, { recursive: true });
  });
});

describe("a further attempt", () => {
  it("finds the run by its key when its id was never stored", async () => {
    const first = begin();
    await first.result;
    expect(await begin("", { after: forgetId(first) }).result).toEqual({ status: "done", text: "re: hello" });
    expect(hermes.runs).toHaveLength(1);
  });

  it("begins nothing under a key that Hermes may have forgotten", async () => {
    const first = begin();
    await first.result;
    await hermes.stop();
    hermes = await startHermes();
    const late = hermesRunner(hermes, { now: () => Date.now() + 25 * 3600 * 1000 });
    const result = await beginRun(late, "", { after: forgetId(first) }).result;
    expect(result).toMatchObject({ status: "failed", code: "interrupted", retryable: false });
    expect(hermes.runs).toEqual([]);
  });

  it.each([
    ["nothing was done yet", false],
    ["a tool was used", true],
  ])("after the model was over its limit and %s", async (_name, acts) => {
    hermes.agent = async (run) => {
      if (acts) run.tool("terminal", "rm -r build");
      throw new RunFailed("Error code: 429 - rate limit");
    };
    const first = begin();
    expect(await first.result).toMatchObject({ code: "rate_limit", retryable: !acts });
    if (acts) return;
    hermes.agent = async ({ text }) => `re: ${text}`;
    expect(await begin("", { after: first }).result).toEqual({ status: "done", text: "re: hello" });
    expect(new Set(hermes.runs.map(({ key }) => key)).size).toBe(2);
  });

  it.each([
    ["its id", (run: BegunRun) => run],
    ["its key", forgetId],
  ])("that is not to be stops the run by %s", async (_name, change) => {
    hermes.agent = ({ signal }) => untilAborted(signal);
    const first = begin();
    await waitUntil("the id is stored", () => first.checkpoints.length >= 2);
    first.stop("shutdown");
    await first.result;
    const { checkpoints } = change(first);
    const { id, conversation } = first.turn;
    const turn: AbandonedTurn = { id, conversation, checkpoint: checkpoints.at(-1)?.run ?? {} };
    await hermesRunner(hermes).abandon?.(turn);
    await waitUntil("nothing runs", () => hermes.active.length === 0);
    expect(hermes.runs.map(({ status }) => status.status)).toEqual(["cancelled"]);
  });
});

describe("a restart of Hermes", () => {
  it("is survived: the agent is asked to go on in its session", async () => {
    hermes.agent = ({ signal }) => untilAborted(signal);
    const run = begin("the secret plan");
    await untilRuns(hermes);
    hermes.agent = async ({ history }) => `went on with ${history.at(-1)?.text}`;
    await hermes.restart();
    expect(await run.result).toEqual({ status: "done", text: "went on with the secret plan" });
    const [first, second] = hermes.runs;
    expect(first?.status.status).toBe("interrupted");
    expect(second?.body.session_id).toBe(first?.body.session_id);
    expect(second?.key).not.toBe(first?.key);
    expect(second?.text).not.toContain("the secret plan");
  });

  it("again and again ends the run, and says that parts may have been done", async () => {
    hermes.agent = ({ signal }) => untilAborted(signal);
    const run = begin();
    for (const count of [1, 2, 3]) {
      await waitUntil(
        `run ${count} is followed`,
        () => hermes.active.length === 1 && hermes.runs.length === count,
      );
      await hermes.restart();
    }
    expect(await run.result).toMatchObject({ status: "failed", code: "interrupted", retryable: false });
    expect(hermes.runs).toHaveLength(3);
  });
});

/** As if the worker had died between the request and the note of its answer. */
function forgetId(run: BegunRun): BegunRun {
  return { ...run, checkpoints: run.checkpoints.slice(0, 1) };
}

function withFiles(runner: ReturnType<typeof hermesRunner>, attachments: readonly Attachment[]) {
  return { ...runner, run: (turn, io) => runner.run({ ...turn, attachments }, io) } satisfies typeof runner;
}

function untilAborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve("")));
}
