import { describe, expect, it } from "@jest/globals";
import { scrubResponse } from "./scrub-response.ts";

describe("scrubResponse", () => {
  it("says nothing for a route it does not know", () => {
    expect(scrubResponse("/api/queues/:queueName/export", { jobs: [{ data: "hello" }] })).toEqual({});
    expect(scrubResponse("/api/queues/:queueName/export", "hello")).toEqual({});
    expect(scrubResponse("/api/queues/:queueName/export", ["hello"])).toEqual({});
  });

  it("keeps the outcome of a write and the key of an error, without its message", () => {
    expect(scrubResponse("/api/queues/:queueName/retry/:queueStatus", { retried: 2, skipped: 0 })).toEqual({
      ...{ retried: 2, skipped: 0 },
    });
    const error = { key: "ERRORS.JOB_NOT_RETRIABLE", options: { state: "waiting" } };
    expect(
      scrubResponse("/api/queues/:queueName/:jobId", { error, message: "hello", details: "hello" }),
    ).toEqual({
      error,
    });
  });

  it.each([
    "/api/queues",
    "/api/job-schedulers",
    "/api/queues/:queueName/:jobId/flow",
    "/api/queues/:queueName/:jobId/logs",
  ])("survives a body of another shape at %s", (route) => {
    for (const body of [
      undefined,
      null,
      "hello",
      1,
      [],
      {},
      { queues: "hello", schedulers: [null], flowRoot: "hello" },
    ]) {
      expect(JSON.stringify(scrubResponse(route, body)) ?? "").not.toContain("hello");
    }
  });
});
