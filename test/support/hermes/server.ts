import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fault } from "./faults.ts";
import { commit, createFaults } from "./faults.ts";
import type { Answer } from "./run-routes.ts";
import { answerApproval, parse, refuse, steerRun, stopRun, streamEvents } from "./run-routes.ts";
import type { AgentView, HermesAgent, RunBody } from "./runs.ts";
import { execute, fingerprintOf, ServedRun } from "./runs.ts";

export interface HermesOptions {
  readonly agent?: HermesAgent;
  /** 429 beyond. Default 10, as Hermes has it. */
  readonly maxRuns?: number;
  /** Over what a current build says it can. */
  readonly features?: Readonly<Record<string, unknown>>;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/**
 * The API server of a Hermes Agent as its source has it, with an agent that does what the test says. Runs with a key
 * outlive a restart and are "interrupted" then; runs without are forgotten. An event stream is one queue, which a
 * second reader steals from, and which is gone for good when a reader leaves.
 */
export class HermesServer {
  readonly apiKey = "key-of-the-hermes-api-server";
  readonly requests: SeenRequest[] = [];
  readonly runs: ServedRun[] = [];
  readonly #faults = createFaults();
  readonly #sessions = new Map<string, AgentView["history"][number][]>();
  readonly #options: HermesOptions;
  agent: HermesAgent;
  maxRuns: number;
  #server: Server | undefined;
  #port = 0;

  constructor(options: HermesOptions = {}) {
    this.#options = options;
    this.agent = options.agent ?? (async ({ text }) => `re: ${text}`);
    this.maxRuns = options.maxRuns ?? 10;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Runs that are under way. */
  get active(): readonly ServedRun[] {
    return this.runs.filter((run) => !run.isOver);
  }

  arm(...faults: Fault[]): void {
    for (const fault of faults) this.#faults.arm(fault);
  }

  mend(): void {
    this.#faults.clear();
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** The process is gone, and what it ran with it. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.close();
    server.closeAllConnections();
    for (const run of this.active) {
      run.abort.abort("gone");
      run.isOver = true;
      run.queue = undefined;
      if (!run.hasEnded)
        run.set("interrupted", {
          error: "The gateway restarted before this run settled.",
          last_event: "run.interrupted",
        });
    }
    for (const run of this.runs) run.queue = undefined;
    this.runs.splice(0, this.runs.length, ...this.runs.filter(({ key }) => key !== undefined));
    await once(server, "close");
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends every event stream in the middle. */
  dropStreams(): void {
    for (const run of this.runs) run.changed.emit("drop");
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { method = "", url = "", headers } = request;
    this.requests.push({ method, path: url, headers, body });
    const fault = this.#faults.take(request);
    if (fault !== undefined && fault.afterWork !== true) return commit(fault, response);
    const answer = this.#answer(request, body);
    if (fault !== undefined) return commit(fault, response);
    if (answer instanceof ServedRun) return streamEvents(answer, response);
    const contentType = answer.body === undefined ? "text/plain" : "application/json; charset=utf-8";
    response.writeHead(answer.status, { "content-type": contentType, ...answer.headers });
    response.end(answer.body === undefined ? "404: Not Found" : JSON.stringify(answer.body));
  }

  /** The run whose events are wanted, or the answer. */
  #answer({ method, url = "", headers }: IncomingMessage, body: string): Answer | ServedRun {
    if (headers.authorization !== `Bearer ${this.apiKey}`) return refuse(401, "invalid_api_key");
    if (method === "GET" && url === "/v1/capabilities") return { status: 200, body: this.#capabilities() };
    if (method === "POST" && url === "/v1/runs") return this.#begin(headers, body);
    const [, id = "", what = ""] = /^\/v1\/runs\/([^/]+)(?:\/(\w+))?$/.exec(url) ?? [];
    if (id === "") return { status: 404 };
    const run = this.runs.find((one) => one.id === id);
    if (run === undefined) return refuse(404, "run_not_found");
    switch (`${method} ${what}`) {
      case "GET ":
        return { status: 200, body: run.status };
      case "GET events":
        return run.queue === undefined ? refuse(404, "run_not_found") : run;
      case "POST stop":
        return stopRun(run);
      case "POST steer":
        return steerRun(run, body);
      case "POST approval":
        return answerApproval(run, body);
      default:
        return { status: 404 };
    }
  }

  #capabilities(): object {
    const able = {
      run_submission: true,
      run_status: true,
      run_events_sse: true,
      run_stop: true,
      run_steer: true,
      run_approval_response: true,
      approval_events: true,
      tool_progress_events: true,
      runs_idempotency: { supported: true, durable: true, retention_seconds: 86_400 },
      ...this.#options.features,
    };
    return { object: "hermes.api_server.capabilities", platform: "hermes-agent", features: able };
  }

  #begin(headers: IncomingMessage["headers"], text: string): Answer {
    const body = parse(text) as RunBody | undefined;
    if (body === undefined) return refuse(400, "invalid_json");
    if (body.input === undefined || body.input.length === 0) return refuse(400, "missing_input");
    const key = one(headers["idempotency-key"]);
    const sessionKey = one(headers["x-hermes-session-key"]) ?? "";
    if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) return refuse(400, "invalid_idempotency_key");
    const fingerprint = fingerprintOf(body, sessionKey);
    const known = key === undefined ? undefined : this.runs.find((run) => run.key === key);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) return refuse(409, "idempotency_key_conflict");
      const again = { run_id: known.id, status: known.status.status, replayed: true };
      return { status: 202, body: again, headers: { "idempotency-replayed": "true" } };
    }
    if (this.active.length >= this.maxRuns)
      return { ...refuse(429, "rate_limit_exceeded"), headers: { "retry-after": "1" } };
    const run = new ServedRun({ key, fingerprint, body, sessionKey });
    this.runs.push(run);
    this.#launch(run);
    return { status: 202, body: { run_id: run.id, status: "started", replayed: false } };
  }

  #launch(run: ServedRun): void {
    const session = String(run.status.session_id);
    const history = this.#sessions.get(session) ?? [];
    this.#sessions.set(session, history);
    const before = [...history];
    history.push({ role: "user", text: run.text });
    void execute(run, this.agent, before).then(() => {
      const { status, output } = run.status;
      if (status === "completed") history.push({ role: "assistant", text: String(output) });
    });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

export async function startHermes(options: HermesOptions = {}): Promise<HermesServer> {
  const server = new HermesServer(options);
  await server.start();
  return server;
}
