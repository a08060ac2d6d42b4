import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { freePort } from "../../../scripts/lib/ports.mjs";
import type { Fault } from "../../support/hermes/faults.ts";
import type { HermesServer } from "../../support/hermes/server.ts";
import { startHermes } from "../../support/hermes/server.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { beginRun } from "./contract/begin-run.ts";
import { hermesRunner, postsOf, untilRuns } from "./hermes-harness.ts";

// Retires the risk that a Hermes which is restarted, overloaded, behind a proxy or not itself makes the gateway run a
// message twice, lose its answer, or take an error for one.

let hermes: HermesServer;
const begin = (text = "hello", options: Parameters<typeof beginRun>[2] = {}) =>
  beginRun(hermesRunner(hermes), text, options);
/** Only who is to wait in vain waits briefly: the machine may be slow. */
const beginWith = ({ how }: Omit<Fault, "on">) =>
  beginRun(hermesRunner(hermes, how === "stall" ? { requestMs: 1000 } : {}), "hello");

beforeEach(async () => {
  hermes = await startHermes();
});
afterEach(() => hermes.stop());

const named = (status: number, code: string) => ({
  status,
  body: JSON.stringify({ error: { message: "secret-words", type: "x", param: null, code } }),
});

describe("the check at the start says what is wrong", () => {
  const problem = async (options?: Parameters<typeof hermesRunner>[1]) => {
    const probe = await hermesRunner(hermes, options).probe();
    return probe.ok ? undefined : probe.problem;
  };
  const capabilities = (how: Fault["how"]) => hermes.arm({ on: "GET /v1/capabilities", how });

  it("nobody there", async () => {
    expect(await problem({ url: `http://127.0.0.1:${await freePort()}` })).toContain(
      "API_SERVER_ENABLED=true",
    );
  });

  it("a wrong key", async () => {
    const said = await problem({ apiKey: "wrong-key" });
    expect(said).toContain("API_SERVER_KEY");
    expect(said).not.toContain("wrong-key");
  });

  it.each([
    ["a page", { status: 200 }],
    ["nothing of that name", { status: 404, body: "404: Not Found" }],
    ["another place", { status: 302, headers: { location: "http://127.0.0.1:1/" } }],
    ["other JSON", { status: 200, body: '{"object":"list","data":[]}' }],
  ])("%s in the place of Hermes", async (_name, how) => {
    capabilities(how);
    expect(await problem()).toMatch(/not the API server of a current Hermes/);
  });

  it.each([
    [{ runs_idempotency: undefined }, "too old"],
    [{ run_submission: false }, "too old"],
    [{ runs_idempotency: { supported: true, durable: false } }, "not durable"],
  ])("a Hermes that can only %j", async (features, words) => {
    await hermes.stop();
    hermes = await startHermes({ features });
    expect(await problem()).toContain(words);
    expect(await begin().result).toMatchObject({ status: "failed", code: "config", retryable: false });
    expect(hermes.runs).toEqual([]);
  });

  it("takes an address with /v1 behind it", async () => {
    expect(await problem({ url: `${hermes.url}/v1` })).toBeUndefined();
  });
});

describe("the request", () => {
  const faults: [string, Omit<Fault, "on">][] = [
    ["a proxy's error page", { how: { status: 502 }, times: 2 }],
    ["no place there yet", { how: { status: 404, body: "404 page not found" } }],
    ["a broken connection", { how: "reset" }],
    ["an answer that was lost", { how: "reset", afterWork: true }],
    ["an answer that was cut off", { how: "cut", afterWork: true, times: 2 }],
    ["an answer that is a page", { how: { status: 200 }, afterWork: true }],
    ["no answer", { how: "stall", afterWork: true }],
    ["a Hermes that is full", { how: { status: 429, headers: { "retry-after": "1" } }, times: 2 }],
  ];

  it.each(faults)("meets %s: one run, one answer", async (_name, fault) => {
    hermes.arm({ on: "POST /v1/runs$", ...fault });
    expect(await beginWith(fault).result).toEqual({ status: "done", text: "re: hello" });
    expect(hermes.runs).toHaveLength(1);
    expect(
      new Set(postsOf(hermes).map(({ headers, body }) => `${headers["idempotency-key"]} ${body}`)).size,
    ).toBe(1);
  });

  it.each([
    ["auth", named(401, "invalid_api_key")],
    ["protocol", named(400, "invalid_request")],
    ["interrupted", named(409, "idempotency_key_conflict")],
    ["protocol", { status: 413 }],
  ] as const)("ends as %s when it is refused", async (code, how) => {
    hermes.arm({ on: "POST /v1/runs$", how });
    const result = await begin().result;
    expect(result).toMatchObject({ status: "failed", code, retryable: false });
    expect(JSON.stringify(result)).not.toContain("secret-words");
  });

  it("waits for a place for as long as it takes, and the person can see it", async () => {
    await hermes.stop();
    hermes = await startHermes({ maxRuns: 1, agent: async ({ signal }) => untilAborted(signal) });
    const first = begin("first", { user: "one" });
    await untilRuns(hermes);
    const second = begin("second", { user: "two" });
    await waitUntil(
      "it is told twice",
      () => second.events.filter(({ type }) => type === "busy").length >= 2,
    );
    hermes.agent = async ({ text }) => `re: ${text}`;
    first.stop("user");
    expect(await second.result).toEqual({ status: "done", text: "re: second" });
    expect(second.events.map(({ type }) => type)).toContain("working");
  });

  it("can be stopped while it waits for a place", async () => {
    hermes.maxRuns = 0;
    const run = begin();
    await waitUntil("it waits", () => run.events.some(({ type }) => type === "busy"));
    run.stop("user");
    expect(await run.result).toEqual({ status: "cancelled" });
    expect(hermes.runs).toEqual([]);
  });

  it("stops the run of which it never heard", async () => {
    hermes.agent = async ({ signal }) => untilAborted(signal);
    hermes.arm({ on: "POST /v1/runs$", how: "stall", afterWork: true });
    const run = begin();
    await untilRuns(hermes);
    run.stop("user");
    expect(await run.result).toEqual({ status: "cancelled" });
    await waitUntil("the run is stopped", () => hermes.active.length === 0);
    expect(hermes.runs).toHaveLength(1);
  });

  it("gives up on a Hermes that stays away; the next attempt sends the same again", async () => {
    const down = { on: "POST /v1/runs$", how: { status: 503 }, times: 1000 } as const;
    hermes.arm(down);
    const first = beginRun(hermesRunner(hermes, { unreachableMs: 600 }), "hello");
    expect(await first.result).toMatchObject({ status: "failed", code: "provider", retryable: true });
    expect(first.events).toEqual([{ type: "unreachable" }]);
    hermes.mend();
    expect(await begin("", { after: first }).result).toEqual({ status: "done", text: "re: hello" });
    expect(new Set(postsOf(hermes).map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  });
});

describe("the status", () => {
  const faults: [string, Omit<Fault, "on">][] = [
    ["a proxy's error page", { how: { status: 502 }, times: 3 }],
    ["a proxy that knows no such page", { how: { status: 404, body: "<html>" } }],
    ["a page", { how: { status: 200 } }],
    ["a broken connection", { how: "reset" }],
    ["half an answer", { how: "cut" }],
    ["no answer", { how: "stall" }],
    ["too many requests", { how: { status: 429, headers: { "retry-after": "1" } } }],
  ];

  it.each(faults)("meets %s, and is asked for again", async (_name, fault) => {
    hermes.arm({ on: "GET /v1/runs/run_", ...fault }, { on: "GET /v1/runs/run_", ...fault });
    expect(await beginWith(fault).result).toEqual({ status: "done", text: "re: hello" });
    expect(hermes.runs).toHaveLength(1);
  });

  it.each([
    ["auth", named(401, "invalid_api_key")],
    ["interrupted", named(404, "run_not_found")],
  ] as const)("ends as %s when Hermes says so, and nothing is begun anew", async (code, how) => {
    hermes.agent = async ({ signal }) => untilAborted(signal);
    hermes.arm({ on: "GET /v1/runs/run_", how, times: 1000 });
    expect(await begin().result).toMatchObject({ status: "failed", code, retryable: false });
    expect(hermes.runs).toHaveLength(1);
  });

  it("bounds the answer", async () => {
    hermes.agent = async () => "x".repeat(10_000_000);
    expect(await begin().result).toMatchObject({ status: "failed", code: "output" });
  });
});

function untilAborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve("")));
}
