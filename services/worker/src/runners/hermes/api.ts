import { z } from "zod";
import type { Call, Place, Reply } from "./http.ts";
import { callHermes, requestHermes } from "./http.ts";
import type { RunEvent } from "./messages.ts";
import { acceptedSchema, capabilitiesSchema, statusSchema } from "./messages.ts";
import { readEvents } from "./read-events.ts";

/** An answer of a run, with everything around it; escaping may double it. */
const STATUS_LIMIT_BYTES = 4 * 1024 * 1024;

export interface RunRequest {
  readonly key: string;
  readonly body: string;
  readonly sessionKey: string;
}

/** The calls of the API server that the runner makes. None rejects; what went wrong is in the reply. */
export type HermesApi = ReturnType<typeof createHermesApi>;

export function createHermesApi(place: Place) {
  const call = <Schema extends z.ZodType>(request: Call, schema: Schema): Promise<Reply<z.output<Schema>>> =>
    callHermes(place, request, schema);
  const ofRun = (runId: string, what = "") => `/v1/runs/${encodeURIComponent(runId)}${what}`;
  const post = (path: string, body: object) =>
    call({ method: "POST", path, body: JSON.stringify(body) }, z.object({}));

  return {
    capabilities: (signal?: AbortSignal) =>
      call({ method: "GET", path: "/v1/capabilities", ...(signal && { signal }) }, capabilitiesSchema),
    /** The same key and body find the same run, however often they are sent. */
    start: ({ key, body, sessionKey }: RunRequest, signal: AbortSignal) =>
      call(
        {
          method: "POST",
          path: "/v1/runs",
          body,
          headers: { "idempotency-key": key, "x-hermes-session-key": sessionKey },
          signal,
        },
        acceptedSchema,
      ),
    status: (runId: string, signal?: AbortSignal) =>
      call(
        { method: "GET", path: ofRun(runId), limitBytes: STATUS_LIMIT_BYTES, ...(signal && { signal }) },
        statusSchema,
      ),
    /** The status "stopping", or the whole status of a run that has ended. */
    stop: (runId: string) =>
      call(
        { method: "POST", path: ofRun(runId, "/stop"), body: "{}", limitBytes: STATUS_LIMIT_BYTES },
        statusSchema,
      ),
    steer: (runId: string, input: string) => post(ofRun(runId, "/steer"), { input }),
    approve: (runId: string, choice: "once" | "deny", requestId: string | undefined) =>
      post(ofRun(runId, "/approval"), { choice, ...(requestId !== undefined && { request_id: requestId }) }),
    /** Ends when the stream does, however that is, and cannot be had a second time. */
    async *events(runId: string, signal: AbortSignal): AsyncGenerator<RunEvent> {
      try {
        const response = await requestHermes(place, { method: "GET", path: ofRun(runId, "/events") }, signal);
        if (response.ok && response.body !== null) yield* readEvents(response.body, signal);
        else await response.body?.cancel();
      } catch {
        // The status is asked for in any case.
      }
    },
  };
}
