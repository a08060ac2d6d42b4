import { afterEach, describe, expect, it } from "@jest/globals";
import { Counter, Registry } from "prom-client";
import type { MetricsServer } from "./serve-metrics.ts";
import { serveMetrics } from "./serve-metrics.ts";

describe("serveMetrics", () => {
  const servers: MetricsServer[] = [];
  const warnings: string[] = [];
  const logger = { warn: (_fields: object, text?: string) => void warnings.push(text ?? "") };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    warnings.length = 0;
  });
  const serve = async (registry: Pick<Registry, "metrics" | "contentType">, port = 0) => {
    const server = await serveMetrics(registry, { host: "127.0.0.1", port }, logger);
    servers.push(server);
    return `http://127.0.0.1:${server.port}`;
  };

  it("serves the registry at /metrics and nothing anywhere else", async () => {
    const registry = new Registry();
    new Counter({ name: "things_total", help: "Things.", registers: [registry] }).inc(3);
    const url = await serve(registry);
    const response = await fetch(`${url}/metrics?x=1`);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toContain("\nthings_total 3\n");
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: "POST" })).status).toBe(405);
  });

  it("reads once for scrapes at the same time", async () => {
    let reads = 0;
    let finish: (text: string) => void = () => undefined;
    const text = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const metrics = () => {
      reads += 1;
      return text;
    };
    const url = await serve({ contentType: Registry.PROMETHEUS_CONTENT_TYPE, metrics });
    const answers = [fetch(`${url}/metrics`), fetch(`${url}/metrics`)];
    await fetch(`${url}/`);
    finish("x 1\n");
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(reads).toBe(1);
  });

  it("answers 500 without the reason when a metric throws, and writes it down", async () => {
    const metrics = () => Promise.reject(new Error("redis://user:password@host"));
    const url = await serve({ contentType: Registry.PROMETHEUS_CONTENT_TYPE, metrics });
    const response = await fetch(`${url}/metrics`);
    expect([response.status, await response.text()]).toEqual([500, ""]);
    expect(warnings).toEqual(["metrics could not be read"]);
  });

  it("says what to do when the address is taken", async () => {
    await serve(new Registry());
    const port = servers[0]?.port ?? 0;
    await expect(serve(new Registry(), port)).rejects.toThrow(/EADDRINUSE.*METRICS_PORT/);
  });
});
