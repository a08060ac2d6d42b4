import { describe, expect, it } from "@jest/globals";
import { Registry } from "prom-client";
import { createIngressMetrics } from "./metrics.ts";
import { rejected } from "./outcome.ts";

describe("the metrics of ingress", () => {
  it("are there before anything has happened, where an alert looks at how they grow", async () => {
    const registry = new Registry();
    createIngressMetrics(registry);
    const text = await registry.metrics();
    for (const line of [
      "gateway_ack_duration_seconds_count 0",
      "gateway_messages_not_stored_total 0",
      'gateway_callbacks_total{request="callback",outcome="ignored",code="stale"} 0',
    ])
      expect(text).toContain(`${line}\n`);
  });

  it("count every request by what became of it, and time those that were acknowledged", async () => {
    const registry = new Registry();
    const observe = createIngressMetrics(registry);
    const facts = { app: "sales", messageId: "cb-1", userId: "zhangsan" };
    observe({ request: "callback", outcome: { kind: "accepted", ...facts }, durationMs: 4 });
    const stale = { kind: "ignored", reason: "stale", skewSeconds: -700, ...facts } as const;
    observe({ request: "callback", outcome: stale, durationMs: 2 });
    observe({ request: "callback", outcome: rejected(400, "signature_mismatch", "No."), durationMs: 900 });
    observe({
      request: "callback",
      outcome: { kind: "not_stored", code: "timeout", ...facts },
      durationMs: 4500,
    });
    const agents = { request: "agent_callback", durationMs: 1 } as const;
    observe({ ...agents, outcome: { kind: "stored", ...facts } });
    observe({ ...agents, outcome: { kind: "not_stored", code: "timeout" } });
    observe({ request: "handshake", outcome: rejected(404, "unknown_app", "No."), durationMs: 1 });
    const text = await registry.metrics();
    expect(text.match(/^gateway_callbacks_total.*$/gm)?.sort()).toEqual([
      'gateway_callbacks_total{request="agent_callback",outcome="not_stored",code="timeout"} 1',
      'gateway_callbacks_total{request="agent_callback",outcome="stored",code=""} 1',
      'gateway_callbacks_total{request="callback",outcome="accepted",code=""} 1',
      'gateway_callbacks_total{request="callback",outcome="ignored",code="stale"} 1',
      'gateway_callbacks_total{request="callback",outcome="not_stored",code="timeout"} 1',
      'gateway_callbacks_total{request="callback",outcome="rejected",code="signature_mismatch"} 1',
      'gateway_callbacks_total{request="handshake",outcome="rejected",code="unknown_app"} 1',
    ]);
    expect(text).toContain("gateway_ack_duration_seconds_count 2\n");
    expect(text).toContain("gateway_messages_not_stored_total 1\n");
    expect(text).toContain('gateway_ack_duration_seconds_bucket{le="0.005"} 2\n');
    expect(text).not.toMatch(/zhangsan|cb-1|sales/);
  });
});
