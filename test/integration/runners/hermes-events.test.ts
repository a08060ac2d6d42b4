import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { HermesServer } from "../../support/hermes/server.ts";
import { startHermes } from "../../support/hermes/server.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { beginRun } from "./contract/begin-run.ts";
import { hermesRunner } from "./hermes-harness.ts";

// Retires the risk that what happens during a run of Hermes (a stream that ends, an addition that it did not get to, a
// request for approval) is lost on the person, or done twice.

let hermes: HermesServer;
const begin = (text = "hello", options: Parameters<typeof beginRun>[2] = {}) =>
  beginRun(hermesRunner(hermes), text, options);

beforeEach(async () => {
  hermes = await startHermes();
});
afterEach(() => hermes.stop());

describe("the event stream", () => {
  it.each([
    ["breaks off", () => hermes.dropStreams()],
    ["is stolen from", () => void fetchEvents()],
  ])("%s, and the answer comes all the same", async (_name, disturb) => {
    let finish: () => void = () => undefined;
    hermes.agent = (run) =>
      new Promise((resolve) => {
        finish = () => {
          run.tool("terminal", "ls");
          resolve("the answer");
        };
      });
    const run = begin();
    await waitUntil("it is followed", () => hermes.requests.some(({ path }) => path.endsWith("/events")));
    disturb();
    finish();
    expect(await run.result).toEqual({ status: "done", text: "the answer" });
    expect(hermes.requests.filter(({ path }) => path.endsWith("/events")).length).toBeLessThanOrEqual(2);
  });

  it("may flood", async () => {
    hermes.agent = async (run) => {
      for (let index = 0; index < 20_000; index += 1) run.emit("message.delta", { delta: "x".repeat(50) });
      run.emit("tool.started", { tool: "x".repeat(1000), preview: "\u0000\n\u202e".repeat(1000) });
      return "done";
    };
    const run = begin();
    expect(await run.result).toEqual({ status: "done", text: "done" });
    expect(run.events.length).toBeLessThan(100);
    for (const event of run.events)
      if (event.type === "progress") expect(event.title.length).toBeLessThan(100);
  });

  it("says what the agent is doing", async () => {
    hermes.agent = async (run) => {
      run.tool("terminal", "npm  test\n--watch");
      return "done";
    };
    const run = begin();
    await run.result;
    expect(run.events).toContainEqual({ type: "progress", title: "terminal: npm test --watch" });
  });

  async function fetchEvents(): Promise<void> {
    const url = `${hermes.url}/v1/runs/${hermes.runs[0]?.id}/events`;
    await fetch(url, { headers: { authorization: `Bearer ${hermes.apiKey}` } }).then((answer) =>
      answer.text(),
    );
  }
});

describe("what the person adds", () => {
  const steered = async (agent: "takes" | "leaves") => {
    hermes.agent = async (run) => {
      await run.untilSteered();
      if (agent === "takes") run.taken();
      return "done";
    };
    const run = begin();
    await waitUntil("it can be steered", () => run.steer !== undefined && hermes.active.length === 1);
    expect(await run.steer?.("and quickly")).toBe(true);
    return run.result;
  };

  it("is part of the turn when the agent has taken it", async () => {
    expect(await steered("takes")).toEqual({ status: "done", text: "done" });
  });

  it("is the next turn when the agent did not get to it", async () => {
    expect(await steered("leaves")).toEqual({ status: "done", text: "done", untaken: 1 });
  });

  it("stays in line while the run waits for an approval", async () => {
    hermes.agent = async (run) => run.ask("rm -r build");
    const run = begin();
    await waitUntil("it asks", () => run.asked.length === 1);
    expect(await run.steer?.("and quickly")).toBe(false);
    run.stop("user");
    await run.result;
  });
});

describe("approvals", () => {
  it("names its request by its id, and shows the command", async () => {
    hermes.agent = async (run) => run.ask("rm -r build");
    const run = begin("x", { decision: "approved" });
    expect(await run.result).toEqual({ status: "done", text: "once" });
    expect(run.asked).toMatchObject([{ title: "dangerous command", detail: "rm -r build" }]);
  });

  it("denies what has no id: it could be another command that is allowed", async () => {
    hermes.agent = async (run) => run.ask("rm -r build", { anonymous: true });
    const run = begin("x", { decision: "approved" });
    expect(await run.result).toEqual({ status: "done", text: "deny" });
    expect(run.asked).toEqual([]);
  });

  it("is asked once, however often the status is read, and a hundred times wears nobody out", async () => {
    hermes.agent = async (run) => {
      let allowed = 0;
      for (let index = 0; index < 30; index += 1)
        if ((await run.ask(`command ${index}`)) === "once") allowed += 1;
      return `${allowed} of 30`;
    };
    const run = begin("x", { decision: "approved" });
    expect(await run.result).toEqual({ status: "done", text: "20 of 30" });
    expect(run.asked).toHaveLength(20);
  }, 30_000);
});
