import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { REPOSITORY } from "../../support/process.ts";
import { readExposition, selectorsOf } from "../../support/prom-names.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

const read = (path: string) => readFileSync(`${REPOSITORY}${path}`, "utf8");

/** Labels that Prometheus itself gives to what it scrapes. */
const OF_PROMETHEUS = ["job", "instance", "le"];
const OF_THE_PLATFORM = /^(nodejs|process)_/;

interface Rule {
  readonly alert: string;
  readonly expr: string;
}

function alertRules(): Rule[] {
  return parse(read("deploy/monitoring/alerts.yaml")).groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
}

function dashboardExpressions(): [string, string][] {
  const { panels } = JSON.parse(read("deploy/monitoring/dashboard.json")) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }): [string, string] => [title, expr]),
  );
}

describe("what is monitored", () => {
  let stack: Stack;
  /** Of all services together. */
  let exposed: Map<string, Set<string>>;
  let texts: string[];

  beforeAll(async () => {
    stack = await startStack({ console: true, metrics: true, apps: ["main", "second"] });
    const { emulator } = stack;
    await emulator.pushText({ app: "main", user: "zhangsan", text: "hello" });
    await emulator.pushText({ app: "main", user: "zhangsan", text: "/whoami" });
    await emulator.pushText({ app: "main", user: "lisi", text: "fail" });
    emulator.setFaults([
      { match: { path: "message/send", user: "wangwu" }, action: { type: "errcode", errcode: 45009 } },
    ]);
    const scrape = () =>
      Promise.all(
        [...stack.ingress, ...stack.workers, stack.console].map(async (service) => {
          const response = await fetch(service?.metricsUrl ?? "");
          return response.text();
        }),
      );
    await waitUntil(
      "everybody was answered",
      async () => {
        texts = await scrape();
        return sum(texts, /^gateway_replies_finished_total\{.*status="sent"\} (\d+)$/gm) === 3;
      },
      { timeoutMs: 40_000, describe: () => stack.logs() + texts.join() },
    );
    await emulator.pushText({ app: "second", user: "wangwu", text: "hello" });
    await waitUntil(
      "the second app is paused",
      async () => {
        texts = await scrape();
        return /errcode_45009/.test(texts.join("\n"));
      },
      { timeoutMs: 40_000, describe: () => stack.logs() },
    );
    await emulator.pushText({ app: "second", user: "sunqi", text: "hello" });
    await waitUntil(
      "another reply of it is held",
      async () => {
        texts = await scrape();
        return /gateway_sends_held_total\{why="paused"\} [1-9]/.test(texts.join("\n"));
      },
      { timeoutMs: 40_000, describe: () => stack.logs() + texts.join() },
    );
    // The console's reading is kept for a moment.
    await waitUntil(
      "the console has read it",
      async () => {
        texts = await scrape();
        return /^gateway_backlog_conversations\{lane="deliveries"\} 2$/m.test(texts.join("\n"));
      },
      { describe: () => stack.logs() + texts.at(-1) },
    );
    exposed = readExposition(texts.join("\n"));
  });
  afterAll(() => stack?.stop());

  it.each(alertRules().map(({ alert, expr }): [string, string] => [alert, expr]))(
    "alert %s asks for metrics and labels that exist",
    (_alert, expr) => expectToExist(expr),
  );

  it.each(dashboardExpressions())("panel %s asks for metrics and labels that exist: %s", (_title, expr) =>
    expectToExist(expr),
  );

  it("is documented, all of it, and nothing else is", () => {
    const ofMarkdown = [...read("docs/metrics.md").matchAll(/^\| `(gateway_\w+)` \|/gm)].map(
      ([, name]) => name,
    );
    const families = texts.flatMap((text) =>
      [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = ""]) => name),
    );
    const ours = new Set(families.filter((name) => !OF_THE_PLATFORM.test(name)));
    expect([...new Set(ofMarkdown)].sort()).toEqual([...ours].sort());
  });

  it("has the labels that the documents give it", () => {
    const rows = [...read("docs/metrics.md").matchAll(/^\| `(gateway_\w+)` \| ([^|]*) \|/gm)];
    for (const [, name = "", labels = ""] of rows) {
      const documented = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).sort();
      const series = exposed.get(name) ?? exposed.get(`${name}_count`) ?? new Set();
      if (series.size > 0) expect([name, ...documented]).toEqual([name, ...[...series].sort()]);
    }
  });

  it("tells of people, messages and secrets nothing", () => {
    const all = texts.join("\n");
    expect(all).not.toMatch(/zhangsan|lisi|wangwu|sunqi|hello|cb-/);
    for (const { corpSecret, token, encodingAesKey, corpId } of stack.apps)
      for (const secret of [corpSecret, token, encodingAesKey, corpId]) expect(all).not.toContain(secret);
  });

  it("is on no port that others use", async () => {
    for (const { url } of [...stack.ingress, ...stack.workers]) {
      expect((await fetch(`${url}/metrics`)).status).toBe(404);
    }
    const answer = await fetch(`${stack.console?.url}/metrics`, { headers: { accept: "application/json" } });
    expect(answer.status).toBe(401);
  });

  it("figures what happened", () => {
    const all = texts.join("\n");
    expect(
      sum(texts, /^gateway_callbacks_total\{request="callback",outcome="accepted",code=""\} (\d+)$/gm),
    ).toBe(5);
    expect(sum(texts, /^gateway_ack_duration_seconds_count (\d+)$/gm)).toBe(5);
    expect(all).toMatch(/^gateway_run_duration_seconds_count\{runner="demo",result="done"\} 3$/m);
    expect(all).toMatch(/^gateway_run_failures_total\{runner="demo",code="agent"\} 1$/m);
    expect(all).toMatch(/^gateway_sends_total\{kind="answer",outcome="not_sent",code="errcode_45009"\} 1$/m);
    expect(all).toMatch(/^gateway_dead_letters_total\{what="message",code="agent"\} 1$/m);
    expect(all).toMatch(/^gateway_workers_alive 1$/m);
    expect(all).toMatch(/^gateway_dead_letters 1$/m);
    expect(all).toMatch(/^gateway_app_broken\{app="second"\} 0$/m);
    expect(all).toMatch(/^gateway_access_token_age_seconds\{app="main"\} \d/m);
    const left = /^gateway_send_budget_left_ratio\{app="main",rule="corp_minute"\} (\S+)$/m.exec(all)?.[1];
    expect(Number(left)).toBeCloseTo(1 - 3 / 10_000, 6);
    expect(all).toMatch(/^gateway_redis_up\{connection="signals"\} 1$/m);
  });

  it("goes on while Redis is away: what cannot be known is absent, not zero", async () => {
    await stack.redis.kill();
    const console = stack.console?.metricsUrl ?? "";
    const text = await waitUntil("the console has noticed", async () => {
      const answer = await (await fetch(console)).text();
      return answer.includes('gateway_redis_up{connection="redis"} 0') &&
        !/^gateway_workers_alive/m.test(answer)
        ? answer
        : undefined;
    });
    expect(text).not.toMatch(/^gateway_(queue|backlog|dead_letters|app|access|send)\w*[ {]/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds/m);
  });

  function expectToExist(expr: string): void {
    const selectors = selectorsOf(expr);
    expect(selectors.length).toBeGreaterThan(0);
    for (const { metric, labels } of selectors) {
      const series = exposed.get(metric);
      if (series === undefined) throw new Error(`no service has ${metric}, which ${expr} asks for`);
      const known = [...OF_PROMETHEUS, ...series];
      if (series.size > 0) expect(known).toEqual(expect.arrayContaining([...labels]));
    }
  }
});

function sum(texts: readonly string[], pattern: RegExp): number {
  return [...texts.join("\n").matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
}
