import { randomUUID } from "node:crypto";
import type {
  ClientConnection,
  InitializeResponse,
  RequestPermissionRequest,
} from "@agentclientprotocol/sdk";
import { client, methods, PROTOCOL_VERSION } from "@agentclientprotocol/sdk";
import { z } from "zod";
import type { AgentProcess } from "./agent-process.ts";
import { AgentFailure, expectForm } from "./failures.ts";
import { createLineStream, ExcessError } from "./line-stream.ts";
import type { AcpProfile } from "./profile.ts";

/** What a session tells while it is listened to. Both are called in the order of the agent's output. */
export interface SessionListener {
  update(update: SessionUpdate): void;
  /** The id of the chosen option; undefined for "cancelled". */
  permission(request: RequestPermissionRequest): Promise<string | undefined>;
}

/** Read with a light hand: a part that is not as the protocol says must not cost the rest. */
const updateSchema = z.object({
  sessionId: z.string(),
  update: z.looseObject({ sessionUpdate: z.string() }),
});
export type SessionUpdate = z.infer<typeof updateSchema>["update"];

/** A running agent, ready for sessions. */
export interface Agent {
  /** No other process has it. */
  readonly id: string;
  readonly capabilities: NonNullable<InitializeResponse["agentCapabilities"]>;
  readonly connection: ClientConnection["agent"];
  /** Sessions that it has in memory, by the conversation they belong to. */
  readonly sessions: Map<string, string>;
  /** Before each prompt: how much it prints is counted from here. */
  renewBudget(): void;
  /** Returns the way out. */
  listen(sessionId: string, listener: SessionListener): () => void;
  /** Why it cannot be used any more. */
  fault(): AgentFailure | undefined;
  isAlive(): boolean;
  end: AgentProcess["end"];
  readonly exited: Promise<string>;
}

/** One message. Replies and tool results are well below. */
const LINE_LIMIT_BYTES = 16 * 1024 * 1024;
/** Between two prompts. */
const FLOOD_LIMIT_BYTES = 96 * 1024 * 1024;

/** Agents that know it tell failures beside the answer instead of as the answer. */
const AIR = { jetbrains: { air: { version: 1, capabilities: ["sessionFailure"] } } };

/** Speaks with a process until it is ready for sessions. The caller ends the process when this rejects. */
export async function connectAgent(process: AgentProcess, profile: AcpProfile): Promise<Agent> {
  const { child } = process;
  const listeners = new Map<string, SessionListener>();
  let fault: AgentFailure | undefined;
  let budgetBytes = FLOOD_LIMIT_BYTES;
  const onBytes = (count: number) => {
    budgetBytes -= count;
    if (budgetBytes >= 0 || fault !== undefined) return;
    fault = new AgentFailure("output", `The agent printed more than ${FLOOD_LIMIT_BYTES} bytes in one turn.`);
    connection.close(fault);
  };
  const onUpdate = (params: unknown) => {
    const { data } = updateSchema.safeParse(params);
    if (data !== undefined) listeners.get(data.sessionId)?.update(data.update);
  };
  const stdout = child.stdout;
  if (stdout === null) throw new AgentFailure("crash", "The agent has no output.");
  const stream = createLineStream(child.stdin, stdout, { lineBytes: LINE_LIMIT_BYTES, onBytes, onUpdate });
  const app = client({ name: "wecom-agent-gateway" }).onRequest(
    methods.client.session.requestPermission,
    async ({ params }) => {
      const optionId = await listeners.get(params.sessionId)?.permission(params);
      return {
        outcome: optionId === undefined ? { outcome: "cancelled" } : { outcome: "selected", optionId },
      };
    },
  );
  const connection = app.connect(stream);
  connection.signal.addEventListener("abort", () => {
    const { reason } = connection.signal;
    if (reason instanceof ExcessError) fault ??= new AgentFailure("output", reason.message);
  });
  let exit: string | undefined;
  void process.exited.then((how) => {
    exit = how;
    connection.close();
  });
  const capabilities = await initialize(connection.agent, profile);
  return {
    id: randomUUID(),
    capabilities,
    connection: connection.agent,
    sessions: new Map(),
    listen(sessionId, listener) {
      listeners.set(sessionId, listener);
      return () => {
        if (listeners.get(sessionId) === listener) listeners.delete(sessionId);
      };
    },
    fault: () => fault,
    isAlive: () => exit === undefined && !connection.signal.aborted,
    renewBudget() {
      budgetBytes = FLOOD_LIMIT_BYTES;
    },
    end: process.end,
    exited: process.exited,
  };
}

async function initialize(
  agent: ClientConnection["agent"],
  profile: AcpProfile,
): Promise<Agent["capabilities"]> {
  const answered = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: "wecom-agent-gateway", version: "1" },
    // No files, no terminal: the agent works in its own place. Warnings come as notices, not as part of the answer.
    clientCapabilities: { session: { notices: {} }, _meta: AIR },
  });
  const answer = expectForm(answered, ({ protocolVersion }) => typeof protocolVersion === "number");
  if (answer.protocolVersion !== PROTOCOL_VERSION)
    throw new AgentFailure(
      "config",
      `The agent speaks version ${answer.protocolVersion} of the protocol, the gateway ${PROTOCOL_VERSION}. Install a version of it that speaks ${PROTOCOL_VERSION}.`,
    );
  if (profile.authMethod !== undefined)
    await agent.request(methods.agent.authenticate, { methodId: profile.authMethod });
  return answer.agentCapabilities ?? {};
}
