import { setTimeout as delay } from "node:timers/promises";
import type { LoadSessionRequest, McpServer } from "@agentclientprotocol/sdk";
import { methods, RequestError } from "@agentclientprotocol/sdk";
import { z } from "zod";
import type { Agent } from "./agent.ts";
import { expectForm } from "./failures.ts";
import type { AcpProfile } from "./profile.ts";

/** What the gateway keeps of a session to find the agent's memory of it again. */
export const sessionStateSchema = z.object({
  /** Which agent made it: another one cannot read it. */
  agent: z.string(),
  /** The worker on whose disk it lies. */
  worker: z.string(),
  sessionId: z.string().min(1).max(1000),
  madeAtMs: z.number(),
  /** The process that knows it best: what another one has in memory may be older. */
  process: z.string(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

const CLOSE_LIMIT_MS = 2000;

export interface OpenedSession {
  readonly sessionId: string;
  /** The agent knows what was said before. */
  readonly remembers: boolean;
  readonly madeAtMs: number;
  /** It has told the whole session again, and nobody had said anything in it. */
  readonly isEmpty: boolean;
}

/** Opens a conversation's session: the one in memory, else the stored one, else a new one. */
export async function openSession(
  agent: Agent,
  place: {
    readonly conversation: string;
    readonly known: Pick<SessionState, "sessionId" | "madeAtMs" | "process"> | undefined;
    readonly cwd: string;
    readonly mcpServers: McpServer[];
    readonly profile: AcpProfile;
    readonly now: () => number;
    readonly signal: AbortSignal;
    /** The session is told again, where the agent can: to see what it has got. */
    readonly replay: boolean;
  },
): Promise<OpenedSession> {
  const { conversation, known, cwd, now } = place;
  const inMemory = agent.sessions.get(conversation);
  if (known !== undefined && inMemory === known.sessionId && agent.id === known.process)
    return { ...pick(known), remembers: true, isEmpty: false };
  // A session of an earlier epoch, or one that has gone on elsewhere.
  if (inMemory !== undefined) await closeSession(agent, conversation);
  if (known !== undefined) {
    const loaded = await loadSession(agent, known, place);
    if (loaded !== undefined) {
      agent.sessions.set(conversation, known.sessionId);
      return { ...pick(known), remembers: true, ...loaded };
    }
  }
  const { mcpServers } = place;
  const answer = await agent.connection.request(methods.agent.session.new, { cwd, mcpServers });
  const made = expectForm(answer, ({ sessionId }) => typeof sessionId === "string" && sessionId !== "");
  agent.sessions.set(conversation, made.sessionId);
  await chooseMode(agent, made.sessionId, place.profile, made.modes);
  return { sessionId: made.sessionId, remembers: false, madeAtMs: now(), isEmpty: true };
}

const pick = ({ sessionId, madeAtMs }: Pick<SessionState, "sessionId" | "madeAtMs">) => ({
  sessionId,
  madeAtMs,
});

/** Undefined when the agent cannot, or does not know it any more. */
async function loadSession(
  agent: Agent,
  { sessionId, madeAtMs }: Pick<SessionState, "sessionId" | "madeAtMs" | "process">,
  place: Parameters<typeof openSession>[1],
): Promise<Pick<OpenedSession, "isEmpty"> | undefined> {
  const { loadSession: canLoad = false, sessionCapabilities } = agent.capabilities;
  const canResume = sessionCapabilities?.resume !== undefined && sessionCapabilities.resume !== null;
  if (!canLoad && !canResume) return undefined;
  const params: LoadSessionRequest = { sessionId, cwd: place.cwd, mcpServers: place.mcpServers };
  const guardMs = madeAtMs + (place.profile.loadGuardMs ?? 0) - place.now();
  if (guardMs > 0) await delay(guardMs, undefined, { signal: place.signal });
  const replay = listenToReplay(agent, sessionId);
  try {
    const isTold = canLoad && (place.replay || !canResume);
    const loaded = isTold
      ? await agent.connection.request(methods.agent.session.load, params)
      : await agent.connection.request(methods.agent.session.resume, params);
    await chooseMode(agent, sessionId, place.profile, loaded?.modes);
    return { isEmpty: isTold && !replay.hasHeard() };
  } catch (error) {
    // Codes differ from agent to agent; what is sure is that this session is not to be had.
    if (error instanceof RequestError) return undefined;
    throw error;
  } finally {
    replay.stop();
  }
}

function listenToReplay(agent: Agent, sessionId: string) {
  let heard = false;
  const stop = agent.listen(sessionId, {
    update({ sessionUpdate }) {
      heard ||= sessionUpdate === "user_message_chunk";
    },
    permission: async () => undefined,
  });
  return { stop, hasHeard: () => heard };
}

const modesSchema = z.object({
  currentModeId: z.string(),
  availableModes: z.array(z.object({ id: z.string() })),
});

async function chooseMode(
  agent: Agent,
  sessionId: string,
  { mode }: AcpProfile,
  told: unknown,
): Promise<void> {
  const modes = modesSchema.safeParse(told).data;
  if (mode === undefined || modes === undefined || modes.currentModeId === mode) return;
  if (!modes.availableModes.some(({ id }) => id === mode)) return;
  await agent.connection.request(methods.agent.session.setMode, { sessionId, modeId: mode });
}

/** Frees what the agent holds for it, where it can and says so in time: nothing depends on it. */
export async function closeSession(agent: Agent, conversation: string): Promise<void> {
  const sessionId = agent.sessions.get(conversation);
  agent.sessions.delete(conversation);
  const close = agent.capabilities.sessionCapabilities?.close;
  if (sessionId === undefined || close === undefined || close === null) return;
  const closed = agent.connection.request(methods.agent.session.close, { sessionId });
  await Promise.race([closed.catch(() => undefined), delay(CLOSE_LIMIT_MS, undefined, { ref: false })]);
}
