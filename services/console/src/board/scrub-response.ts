import { identifierOnly, redactData, redactOptions } from "./redact.ts";
import { redactFailure, redactLogLine, redactStack } from "./redact-failure.ts";
import { redactJobData } from "./redact-job-data.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Redacts the body of a Bull Board API response, by route. Bull Board's formatters cover a job's data, return
 * value, progress and name; reasons, stacks, options, logs and templates go out as they are stored, so
 * everything is redacted here, whether or not a formatter has seen it. A route nobody has looked at says nothing.
 */
export function scrubResponse(route: string, body: unknown): unknown {
  switch (route) {
    case "/api/queues":
      return isFields(body) ? { ...body, queues: list(body.queues).map(scrubQueue) } : {};
    case "/api/queues/:queueName/:jobId":
      return isFields(body) && isFields(body.job) ? { ...body, job: scrubJob(body.job) } : scrubAnswer(body);
    case "/api/queues/:queueName/:jobId/logs":
      return Array.isArray(body) ? body.map((line) => redactLogLine(String(line))) : scrubAnswer(body);
    case "/api/queues/:queueName/:jobId/flow":
      return isFields(body) ? { ...body, flowRoot: scrubFlowNode(body.flowRoot) } : {};
    case "/api/job-schedulers":
      return isFields(body) ? { ...body, schedulers: list(body.schedulers).map(scrubScheduler) } : {};
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

function scrubJob(job: unknown): unknown {
  if (!isFields(job)) return {};
  return {
    ...job,
    name: redactAs(job.name, identifierOnly),
    data: redactJobData(job.data),
    returnValue: redactData(job.returnValue),
    progress: typeof job.progress === "number" ? job.progress : redactData(job.progress),
    failedReason: redactAs(job.failedReason, redactFailure),
    deferredFailure: redactAs(job.deferredFailure, redactFailure),
    stacktrace: list(job.stacktrace).map((stack) => redactStack(String(stack))),
    opts: redactOptions(job.opts),
  };
}

function scrubFlowNode(node: unknown): unknown {
  if (!isFields(node)) return node ?? null;
  const { ignoredChildFailureReasons: _reasons, ...rest } = node;
  const progress = typeof node.progress === "number" ? node.progress : redactData(node.progress);
  return {
    ...rest,
    progress,
    name: redactAs(node.name, identifierOnly),
    children: list(node.children).map(scrubFlowNode),
  };
}

function scrubScheduler(scheduler: unknown): unknown {
  if (!isFields(scheduler)) return {};
  const template = isFields(scheduler.template)
    ? { data: redactData(scheduler.template.data), opts: redactOptions(scheduler.template.opts) }
    : undefined;
  return { ...scheduler, template };
}

/** Answers of writes: how many jobs it was, and of an error its key, which is Bull Board's own text. */
function scrubAnswer(body: unknown): unknown {
  if (!isFields(body)) return {};
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
