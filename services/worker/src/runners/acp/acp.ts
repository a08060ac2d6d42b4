import { join } from "node:path";
import { conversationId } from "@gateway/conversation";
import type { AcpConfig, Environment, GatewayConfig } from "@gateway/service-kit";
import type { Logger } from "pino";
import { z } from "zod";
import { backgroundName, personOf } from "../../conversations.ts";
import type { AgentRunner, Turn, TurnIO, TurnResult } from "../runner.ts";
import type { Agent } from "./agent.ts";
import { AgentFailure, failure, readError } from "./failures.ts";
import { mcpServersFor } from "./mcp-servers.ts";
import type { AgentPool } from "./pool.ts";
import { AbortedError, createAgentPool, orAbort } from "./pool.ts";
import { probeAcp } from "./probe.ts";
import { ownerName } from "./processes.ts";
import type { AcpProfile } from "./profile.ts";
import { profileOf } from "./profile.ts";
import { runPrompt } from "./prompt.ts";
import { reapOrphans, startGuardian } from "./reaper.ts";
import type { OpenedSession, SessionState } from "./session.ts";
import { closeSession, openSession, sessionStateSchema } from "./session.ts";
import { startAgent } from "./start-agent.ts";
import { continuePrompt, messagePrompt } from "./turn-prompt.ts";
import type { RunLimits } from "./watch-run.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace, sendableDirs } from "./workspace.ts";
import { checkQuota, sweepWorkspaces } from "./workspace-care.ts";

export interface AcpDeps {
  readonly logger: Logger;
  /** The worker's environment, of which the agent gets named variables only. */
  readonly env: Environment;
  readonly worker: Pick<GatewayConfig["worker"], "name" | "workspaces">;
  readonly now: () => number;
  /** Other figures, for tests. */
  readonly limits?: Partial<RunLimits & { readonly processIdleMs: number }>;
}

const LIMITS = {
  startMs: 60_000,
  idleMs: 5 * 60_000,
  toolIdleMs: 15 * 60_000,
  processIdleMs: 10 * 60_000,
};
const SWEEP_EVERY_MS = 6 * 3600_000;

/** What is stored of a turn before the agent gets it. */
const runStateSchema = z.object({
  sessionId: z.string().min(1),
  madeAtMs: z.number(),
  process: z.string(),
  worker: z.string(),
  /** It may have done what must not be done twice. */
  acted: z.boolean(),
});
type RunState = z.infer<typeof runStateSchema>;

/**
 * Any agent that speaks the Agent Client Protocol, version 1, on its standard input and output. A process for each person,
 * which keeps its sessions on this worker's disk.
 */
export function createAcpRunner(config: AcpConfig, deps: AcpDeps): AgentRunner {
  const limits = { hardMs: config.timeoutMs, ...LIMITS, ...deps.limits };
  const { workspaces } = deps.worker;
  const pool = createAgentPool({ idleMs: limits.processIdleMs, limit: workspaces.maxProcesses });
  const name = config.preset ?? "custom";
  const sweep = () => void sweepWorkspaces(join(workspaces.dir, name), deps.now());
  const sweeping = setInterval(sweep, SWEEP_EVERY_MS);
  sweeping.unref();
  let guarding: Promise<{ readonly owner: string; stop(): void }> | undefined;
  const guard = async () => {
    const owner = await ownerName();
    return { owner, ...startGuardian(owner) };
  };
  const reaped = reapOrphans(deps.logger).catch((error: unknown) =>
    deps.logger.warn({ err: error }, "processes that agents may have left were not looked for"),
  );
  const parts: Parts = {
    ...{ config, deps, limits, pool, name, profile: profileOf(config) },
    owner: async () => {
      await reaped;
      guarding ??= guard();
      return (await guarding).owner;
    },
  };
  return {
    kind: "acp",
    keepsMemory: true,
    ...(workspaces.shared ? {} : { keepsPlace: true as const }),
    probe: () => probeAcp(config, parts.profile, { ...deps, dir: workspaces.dir }),
    run: (turn, io) => runTurn(turn, io, parts),
    async shutdown() {
      clearInterval(sweeping);
      await pool.close();
      (await guarding)?.stop();
    },
  };
}

interface Parts {
  readonly config: AcpConfig;
  readonly deps: AcpDeps;
  readonly limits: RunLimits;
  readonly pool: AgentPool;
  readonly name: string;
  readonly profile: AcpProfile;
  /** Starts what watches over this worker's death, before the first agent. */
  readonly owner: () => Promise<string>;
}

async function runTurn(turn: Turn, io: TurnIO, parts: Parts): Promise<TurnResult> {
  const { config, deps, pool, name } = parts;
  const person = conversationId(personOf(turn.conversation));
  try {
    const ownUsers = config.isolation === "uid" || config.isolation === "pidns";
    const workspace = await openWorkspace(deps.worker.workspaces.dir, name, person, ownUsers).catch(
      (error: Error) => {
        throw new AgentFailure("config", error.message);
      },
    );
    await checkQuota(workspace, deps.worker.workspaces.limitBytes);
    const start = async (signal: AbortSignal) =>
      startAgent(workspace, { ...parts, owner: await parts.owner(), signal });
    const held = await pool.acquire(person, start, io.signal);
    let isFit: Promise<boolean> = Promise.resolve(held.agent.isAlive());
    try {
      const end = await converse(held.agent, workspace, turn, io, parts);
      isFit = end.isFit;
      if (end.result.status !== "done" || !end.result.text.includes(workspace.outbox)) return end.result;
      return { ...end.result, dirs: await sendableDirs(workspace) };
    } catch (error) {
      // Something between us and the agent is not as it should be: the next one gets a fresh one.
      isFit = Promise.resolve(false);
      throw held.agent.fault() ?? error;
    } finally {
      // A background task is one turn; nobody comes back to its session.
      if (backgroundName(turn.conversation) !== undefined)
        isFit = isFit.then(async (fit) => {
          if (fit) await closeSession(held.agent, turn.conversation.id);
          return fit;
        });
      held.release(isFit);
    }
  } catch (error) {
    if (io.signal.aborted || error instanceof AbortedError) return { status: "cancelled" };
    const { code, message, retryable } = readError(error);
    return failure(code, message, retryable);
  }
}

async function converse(agent: Agent, workspace: Workspace, turn: Turn, io: TurnIO, parts: Parts) {
  const { config, deps, name, profile, limits } = parts;
  const { worker } = deps;
  const begun = runStateSchema.safeParse(turn.checkpoint).data;
  const isReachable = (of: { readonly worker: string }) =>
    of.worker === worker.name || worker.workspaces.shared;
  const stored = sessionStateSchema.safeParse(turn.session.state).data;
  const known = [begun, stored?.agent === name ? stored : undefined].find((one) => one && isReachable(one));
  const session = await inTime(limits.startMs, (signal) =>
    openSession(agent, {
      ...{ conversation: turn.conversation.id, known, cwd: workspace.cwd, profile, now: deps.now },
      mcpServers: mcpServersFor(agent, config.mcpServers, deps.env),
      ...{ signal: AbortSignal.any([signal, io.signal]), replay: begun !== undefined },
    }),
  );
  if (begun?.acted === true && !session.remembers)
    throw new AgentFailure("interrupted", "The agent had begun to act, and its session is lost.");
  const place = { ...pick(session), worker: worker.name, process: agent.id };
  const run: RunState = { ...place, acted: begun?.acted ?? false };
  const state: SessionState = { ...place, agent: name };
  const prompt = isDelivered(begun, session)
    ? continuePrompt()
    : await messagePrompt(turn, {
        ...{ workspace, remembers: session.remembers, instructions: config.instructions },
        takesImages: agent.capabilities.promptCapabilities?.image === true,
      });
  await orAbort(io.checkpoint({ run, session: state }), io.signal);
  let marking: Promise<void> = Promise.resolve();
  const onActed = () => {
    // Should it not be stored: the signal tells, or the next attempt asks the agent to go on, which is safe as well.
    marking = io.checkpoint({ run: { ...run, acted: true } }).catch(() => undefined);
  };
  agent.renewBudget();
  const end = await runPrompt({
    ...{ agent, sessionId: session.sessionId, prompt, io, limits },
    ...{ asides: profile.asides, onActed },
  });
  await marking;
  return end;
}

const pick = ({ sessionId, madeAtMs }: OpenedSession) => ({ sessionId, madeAtMs });

/** Whether the agent has the person's message already: an earlier attempt was about to send it, and it is not lost. */
function isDelivered(begun: RunState | undefined, session: OpenedSession): boolean {
  return begun !== undefined && session.remembers && !session.isEmpty;
}

async function inTime<Value>(limitMs: number, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const signal = AbortSignal.timeout(limitMs);
  return orAbort(work(signal), signal).catch((error: unknown) => {
    if (signal.aborted)
      throw new AgentFailure("timeout", `The agent had no session ready within ${limitMs / 1000} s.`);
    throw error;
  });
}
