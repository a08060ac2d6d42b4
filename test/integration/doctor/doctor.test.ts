import { readFile, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runCli } from "../../../packages/cli/src/run-cli.ts";
import { freePort } from "../../../scripts/lib/ports.mjs";
import { createService } from "../../support/service.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { OddSite } from "./odd-site.ts";
import { startOddSite } from "./odd-site.ts";

// Retires the risk that an operator is told that all is well, or is told the wrong thing, or a secret.

interface Finding {
  readonly check: string;
  readonly app?: string;
  readonly status: string;
  readonly says: string;
  readonly fix?: string;
}

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ apps: ["sales", "support"] });
});
afterAll(() => stack.stop());

async function gateway(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const printed: string[] = [];
  const line = (text: string) => void printed.push(text);
  const deps = { env: { ...stack.env, ...env }, out: line, err: line, stdin: async () => "" };
  const code = await runCli(args, deps);
  return { code, text: printed.join("\n") };
}

async function doctor(args: readonly string[] = [], env?: Readonly<Record<string, string>>) {
  const { code, text } = await gateway(["doctor", "--json", ...args], env);
  const { findings } = JSON.parse(text) as { findings: Finding[] };
  const of = (check: string, app?: string) =>
    findings.find((finding) => finding.check === check && (app === undefined || finding.app === app));
  return { code, findings, of, text };
}
const callbackOfStack = () => ["--callback-url", stack.callbackUrls[0] ?? ""];

describe("gateway doctor", () => {
  it("finds nothing wrong with a gateway that works, and has WeCom's word for it", async () => {
    let seen = await doctor(callbackOfStack());
    await waitUntil("the worker has asked its agents", async () => {
      seen = await doctor(callbackOfStack());
      return seen.findings.every(({ status }) => status === "ok");
    });
    expect(seen.code).toBe(0);
    expect(seen.findings.map(({ check, app }) => [check, app])).toEqual([
      ["configuration", undefined],
      ["redis", undefined],
      ["credentials", "sales"],
      ["credentials", "support"],
      ["agent", "sales"],
      ["agent", "support"],
      ["callback", "sales"],
      ["callback", "support"],
    ]);
    const { text } = await gateway(["doctor", ...callbackOfStack()]);
    expect(text).toMatch(/✓ callback of sales: .*\nNo problem found\.|No problem found\.$/s);
  });

  it("says which address WeCom has to trust, and asks for no token in a loop", async () => {
    const errmsg = "not allow to access from your ip, hint: [1], from ip: 203.0.113.7";
    stack.emulator.setFaults([
      { match: { path: "agent/get" }, times: "always", action: { type: "errcode", errcode: 60020, errmsg } },
    ]);
    const tokens = () => stack.emulator.calls({ path: "gettoken" }).length;
    const before = tokens();
    const { code, of } = await doctor(callbackOfStack());
    stack.emulator.setFaults([]);
    expect([code, of("credentials", "sales")]).toEqual([
      1,
      expect.objectContaining({ status: "problem", says: expect.stringContaining("203.0.113.7") }),
    ]);
    expect(tokens()).toBe(before);
  });

  it("says of an agent that no worker can start what is wrong", async () => {
    const env = { ...stack.env, AGENT_RUNNER: "command", AGENT_COMMAND: "/no/such/agent" };
    const worker = await createService({ service: "worker", portVariable: "WORKER_HEALTH_PORT", env });
    try {
      await worker.start();
      await waitUntil("the doctor knows", async () => {
        const { of } = await doctor(callbackOfStack());
        return of("agent", "sales")?.says.includes("/no/such/agent") === true;
      });
    } finally {
      await worker.kill("SIGTERM");
    }
    await waitUntil("a worker that is gone is not reported", async () => {
      const { of } = await doctor(callbackOfStack());
      return of("agent", "sales")?.status === "ok";
    });
  });

  describe("about a callback address", () => {
    let site: OddSite;
    beforeAll(async () => {
      site = await startOddSite(stack.callbackUrls[0] ?? "");
    });
    afterAll(() => site.close());

    it.each([
      ["redirect", "redirect (301)", "follows no redirects"],
      ["nothing-here", "404", "path"],
      ["html", "HTML page", "login page"],
      ["bad-gateway", "502", "does not reach an ingress"],
      ["line-end", "something around it", "byte by byte"],
      ["other", "another text", "Something else"],
      ["silent", "within 5 s", "firewall"],
    ])("/%s is explained", async (way, says, fix) => {
      const { code, of } = await doctor(["--callback-url", `${site.url}/${way}`]);
      expect(code).toBe(1);
      expect(of("callback", "support")).toMatchObject({
        status: "problem",
        says: expect.stringContaining(says),
        fix: expect.stringContaining(fix),
      });
    });

    it("that answers rightly, but not within the second that WeCom waits while it is saved, is explained", async () => {
      const { code, of } = await doctor(["--callback-url", `${site.url}/slow`]);
      expect(code).toBe(1);
      expect(of("callback", "sales")).toMatchObject({
        status: "problem",
        says: expect.stringMatching(/answers rightly, but after 1\.\d s/),
        fix: expect.stringContaining("within a second"),
      });
    });

    it.each([
      ["127.0.0.1", "refuses the connection"],
      ["no-such-host.invalid", "cannot be resolved"],
    ])("a host like %s is explained", async (host, says) => {
      const address = `http://${host}:${await freePort()}/wecom/callback`;
      const { of } = await doctor(["--callback-url", address]);
      expect(of("callback", "sales")?.says).toContain(says);
    });

    it("speaks of TLS where TLS is what fails", async () => {
      const { of } = await doctor(["--callback-url", site.url.replace("http:", "https:")]);
      expect(of("callback", "sales")?.says).toContain("TLS certificate");
    });

    it("notices that the running ingress has other keys", async () => {
      const other = { GATEWAY_CONFIG: await withOtherToken(stack.env.GATEWAY_CONFIG ?? "") };
      const { of } = await doctor(callbackOfStack(), other);
      expect(of("callback", "sales")).toMatchObject({ says: expect.stringMatching(/40[13]/) });
      expect(of("callback", "support")).toMatchObject({ status: "ok" });
    });
  });

  it("checks nothing through a Redis that does not answer, and says so", async () => {
    const { code, of } = await doctor(callbackOfStack(), { REDIS_URL: "redis://127.0.0.1:9" });
    expect(code).toBe(1);
    expect(of("redis")).toMatchObject({ status: "problem" });
    expect(of("credentials")).toMatchObject({ status: "skipped" });
    expect(of("callback", "sales")).toMatchObject({ status: "ok" });
  });

  it("prints no secret, whatever is wrong", async () => {
    const runs = await Promise.all([
      doctor(["--callback-url", "http://127.0.0.1:9/"]),
      doctor(callbackOfStack(), { REDIS_URL: "redis://user:redis-password-canary@127.0.0.1:9" }),
      gateway(["config", "check"]),
    ]);
    const secrets = stack.apps.flatMap(({ corpSecret, token, encodingAesKey }) => [
      corpSecret,
      token,
      encodingAesKey,
    ]);
    for (const { text } of runs)
      for (const secret of [...secrets, "redis-password-canary"]) expect(text).not.toContain(secret);
  });
});

describe("gateway config check", () => {
  it("takes a file that the services would take", async () => {
    const { code, text } = await gateway(["config", "check", stack.env.GATEWAY_CONFIG ?? ""]);
    expect([code, text]).toEqual([0, expect.stringContaining("2 apps: sales (demo), support (demo)")]);
  });

  it("names every fault of a file, and what to do", async () => {
    const path = `${stack.env.GATEWAY_CONFIG}.broken.yaml`;
    const text = await readFile(stack.env.GATEWAY_CONFIG ?? "", "utf8");
    await writeFile(path, text.replaceAll(/"agent_id":"\d+"/g, '"agent_id":"none"'));
    const checked = await gateway(["config", "check", path]);
    expect(checked.code).toBe(1);
    expect(checked.text).toMatch(/✗ configuration: .*agent_id.*\n {4}→ Needs the AgentId/);
    expect(checked.text).toContain("2 problems.");
  });

  it.each([
    ["is not there", undefined, /✗ configuration: .*cannot be read \(ENOENT\)\.\n {4}→ Needs the path/],
    ["has a wrong key", "turn: { quoted: hello }", /✗ configuration: .*turn\.quoted: no such text\./],
  ])("looks into a file of texts, as the worker does: one that %s", async (_, content, expected) => {
    const path = `${stack.env.GATEWAY_CONFIG}.texts.yaml`;
    await rm(path, { force: true });
    if (content !== undefined) await writeFile(path, content);
    const env = { GATEWAY_CONFIG: stack.env.GATEWAY_CONFIG ?? "", WECOM_CALLBACK_TEXTS: path };
    expect(await gateway(["config", "check"], env)).toEqual({
      code: 1,
      text: expect.stringMatching(expected),
    });
    expect((await gateway(["doctor"], env)).text).toMatch(expected);
  });

  it.each([
    [["config"]],
    [["config", "check", "a", "b"]],
    [["doctor", "x"]],
    [["doctor", "--callback-url", "ftp://x"]],
  ])("explains a mistake in the command: %s", async (args) => {
    const { code, text } = await gateway(args);
    expect([code, text]).toEqual([2, expect.stringContaining("gateway --help")]);
  });
});

async function withOtherToken(file: string): Promise<string> {
  const path = `${file}.other.yaml`;
  const text = await readFile(file, "utf8");
  await writeFile(path, text.replace(stack.apps[0]?.token ?? "", "AnotherTokenAltogether"));
  return path;
}
