import { redactData, redactOptions } from "./redact.ts";
import { redactFailure, redactLogLine, redactStack } from "./redact-failure.ts";
import { redactJobData } from "./redact-job-data.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Redacts the body of a Bull Board API response, by route. Bull Board's formatters cover a job's data, return
 * value, progress and name; reasons, stacks, options, logs and templates go out as they are stored, so
 * everything is redacted here, whether or not a formatter has seen it. A route nobody has looked at says nothing.
 */
export function scrubResponse(route: string, body: unknown): unknown {
  if (Array.isArray(body) && route === "/api/queues/:queueName/:jobId/logs") {
    return body.map((line) => redactLogLine(String(line)));
  }
  if (!isFields(body)) return {};
  switch (route) {
    case "/api/queues":
      return { queues: list(body.queues).map(scrubQueue) };
    case "/api/queues/:queueName/:jobId":
      return isFields(body.job)
        ? { job: scrubJob(body.job), status: redactOptions(body.status) }
        : scrubAnswer(body);
    case "/api/queues/:queueName/:jobId/flow": {
      const { nodeId, isFlowNode, flowRoot } = body;
      return { ...scrubRest({ nodeId, isFlowNode }), flowRoot: scrubFlowNode(flowRoot) };
    }
    case "/api/job-schedulers":
      return { schedulers: list(body.schedulers).map(scrubScheduler) };
    default:
      return QUEUE_FIGURES.test(route) ? body : scrubAnswer(body);
  }
}

/** Routes about a queue as a whole: counts, settings and connections; no job passes through them. */
const QUEUE_FIGURES =
  /^\/api\/(?:queues\/:queueName\/(?:metrics|default-job-options|workers|rate-limit|job-data-schema)|metrics\/.+)$/;

function scrubQueue(queue: unknown): unknown {
  return isFields(queue) ? { ...queue, jobs: list(queue.jobs).map(scrubJob) } : {};
}

/** Known fields by their kind, all others (ids, times, counters, options) as long as they look like one. */
function scrubJob(job: unknown): unknown {
  if (!isFields(job)) return {};
  const { data, returnValue, progress, failedReason, deferredFailure, stacktrace, ...rest } = job;
  return {
    ...scrubRest(rest),
    data: redactJobData(data),
    returnValue: redactData(returnValue),
    progress: typeof progress === "number" ? progress : redactData(progress),
    failedReason: redactAs(failedReason, redactFailure),
    deferredFailure: redactAs(deferredFailure, redactFailure),
    stacktrace: list(stacktrace).map((stack) => redactStack(String(stack))),
  };
}

function scrubFlowNode(node: unknown): unknown {
  if (!isFields(node)) return null;
  const { progress, children, ignoredChildFailureReasons: _reasons, ...rest } = node;
  return {
    ...scrubRest(rest),
    progress: typeof progress === "number" ? progress : redactData(progress),
    children: list(children).map(scrubFlowNode),
  };
}

function scrubScheduler(scheduler: unknown): unknown {
  if (!isFields(scheduler)) return {};
  const { template, ...rest } = scheduler;
  const { data, opts } = isFields(template) ? template : {};
  return { ...scrubRest(rest), template: { data: redactData(data), opts: redactOptions(opts) } };
}

function scrubRest(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactOptions(value)]));
}

/** Answers of writes: how many jobs it was, and of an error its key, which is Bull Board's own text. */
function scrubAnswer(body: Fields): Fields {
  const figures = Object.entries(body).filter(([, value]) => typeof value === "number");
  const error = isFields(body.error) ? { error: redactOptions(body.error) } : {};
  return { ...Object.fromEntries(figures), ...error };
}

function redactAs(value: unknown, redact: (text: string) => string): unknown {
  return typeof value === "string" ? redact(value) : value === undefined ? undefined : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
