import { setTimeout } from "node:timers/promises";
import type { Keys } from "@gateway/conversation";
import {
  conversationId,
  parseConversationId,
  QUEUE_NAMES,
  reconcile,
  removeOldDeadLetters,
} from "@gateway/conversation";
import type { UpdateTemplateCardRequest } from "@gateway/wecom-client";
import type { Worker } from "bullmq";
import type { WorkerApp } from "./apps.ts";
import { handleControlMessage } from "./control/handle-control-message.ts";
import { processControl } from "./control/process-control.ts";
import type { ConversationTools } from "./conversation-tools.ts";
import { personOf } from "./conversations.ts";
import { deliverConversation } from "./delivery/deliver-conversation.ts";
import { createSendingApps } from "./delivery/sending-apps.ts";
import type { HeldJobs } from "./liveness/held-jobs.ts";
import { createInbox } from "./media/in/inbox.ts";
import { createTranscriber } from "./media/in/transcriber.ts";
import { createDownload } from "./media/out/download.ts";
import type { Spool } from "./media/out/spool.ts";
import type { Queues } from "./open-queues.ts";
import type { AppSlots } from "./queues/app-slots.ts";
import { createAppSlots } from "./queues/app-slots.ts";
import { createBullmqWorker } from "./queues/bullmq-worker.ts";
import { handleControl } from "./queues/handle-control.ts";
import { handleDelivery } from "./queues/handle-delivery.ts";
import { handleInbound } from "./queues/handle-inbound.ts";
import { handleTurn } from "./queues/handle-turn.ts";
import { recordControl } from "./timeline/record-control.ts";
import { recordDelivery } from "./timeline/record-delivery.ts";
import { recordTurn } from "./timeline/record-turn.ts";
import { traceControl } from "./tracing/trace-control.ts";
import { createSendTrace } from "./tracing/trace-send.ts";
import { traceTurn } from "./tracing/trace-turn.ts";
import { meetBusyAgent } from "./turn/meet-busy-agent.ts";
import { processTurn } from "./turn/process-turn.ts";
import type { RunningTurns } from "./turn/running-turns.ts";
import { createTrials } from "./turn/trials.ts";
import type { WorkerDeps } from "./worker-deps.ts";

export const RECONCILE_EVERY_MS = 10_000;
/** Of each queue but that of turns. */
const JOBS_AT_ONCE = 50;

interface Deps extends WorkerDeps {
  /** Of this process. */
  readonly workerId: string;
  readonly keys: Keys;
  readonly queues: Queues;
  readonly tools: ConversationTools;
  readonly running: RunningTurns;
  readonly held: HeldJobs;
  readonly spool: Spool;
}

/** The consumers of every queue, not running yet. */
export function createQueueWorkers(deps: Deps): Worker[] {
  const turnSlots = appSlots(deps, deps.concurrency);
  const deliverSlots = appSlots(deps, JOBS_AT_ONCE);
  return [
    ...inboundWorkers(deps, turnSlots),
    controlWorker(deps),
    ...turnWorkers(deps, turnSlots, deliverSlots),
    ...deliverWorkers(deps, deliverSlots),
    maintenanceWorker(deps),
  ];
}

/**
 * A BullMQ worker fetches one job after the other, up to its concurrency, before it starts the first of them: where many wait
 * and the process is busy, the first of fifty waits for a second. So several share a queue: of ten jobs each, or of more where
 * there would be over ten workers, each of which has a connection; of fifty at most.
 */
function several(concurrency: number, create: (concurrency: number) => Worker): Worker[] {
  const each = Math.min(50, Math.max(10, Math.ceil(concurrency / 10)));
  const count = Math.ceil(concurrency / each);
  return Array.from({ length: count }, () => create(Math.ceil(concurrency / count)));
}

const base = ({ redis, prefix, held, logger }: Deps) => ({ connection: redis, prefix, held, logger });

function appOf(deps: Deps, conversation: string): WorkerApp | undefined {
  return deps.apps.find(parseConversationId(conversation));
}

function appSlots({ apps }: Deps, concurrency: number): AppSlots {
  return createAppSlots({ concurrency, apps: () => apps.all.length });
}

function inboundWorkers(deps: Deps, turnSlots: AppSlots): Worker[] {
  const { queues, tools, apps, now } = deps;
  return several(JOBS_AT_ONCE, (concurrency) =>
    createBullmqWorker(
      QUEUE_NAMES.inbound,
      (job) => handleInbound(job, { ...queues, ...tools, turnSlots, apps, now }),
      { ...base(deps), concurrency },
    ),
  );
}

function controlWorker(deps: Deps): Worker {
  const { queues, tools, apps, logger, now } = deps;
  const run = (conversation: string, fence: Parameters<typeof processControl>[1]) =>
    processControl(conversation, fence, {
      ...tools,
      lane: traceControl(deps.tracer, recordControl(tools.lane, tools.record)),
      app: appOf(deps, conversation),
      handle: (app, of, message) =>
        handleControlMessage(app, of, message, {
          ...tools,
          now,
          meetBusyAgent: (added, where) => meetBusyAgent(added, where, { ...tools, apps, now }),
        }),
      logger,
      now,
    });
  return createBullmqWorker(
    QUEUE_NAMES.control,
    (job, token) => handleControl(job, token, { ...queues, processControl: run }),
    { ...base(deps), concurrency: JOBS_AT_ONCE },
  );
}

function turnWorkers(deps: Deps, slots: AppSlots, deliverSlots: AppSlots): Worker[] {
  const { queues, tools, running, mask, logger, now, turns: settings } = deps;
  const { dir, voice } = settings.media;
  const mediaIn = { inbox: createInbox(dir), transcribe: voice && createTranscriber(voice) };
  const mediaOut = { spool: deps.spool, download: createDownload() };
  const trials = createTrials();
  const turnDeps = { ...tools, running, trials, settings, mask, mediaIn, mediaOut, logger, now };
  return several(deps.concurrency, (concurrency) =>
    createBullmqWorker(
      QUEUE_NAMES.turns,
      (job, token, signal) =>
        handleTurn(job, token, signal, {
          ...queues,
          slots,
          deliverSlots,
          drain: tools.drain,
          place: (conversation) => placeOf(deps, conversation),
          processTurn: (conversation, fence, lost) => {
            const app = appOf(deps, conversation);
            // It may be replaced while the turn's files are fetched, long before it runs.
            const leave = app?.runner.lease?.();
            const parts = { mailbox: tools.mailbox, app };
            const recorded = { ...recordTurn(parts, tools.record, now), notify: tools.notify };
            return traceTurn(deps.tracer, recorded, ({ app, ...traced }) =>
              processTurn(conversation, fence, lost, app, { ...turnDeps, ...traced }),
            ).finally(leave);
          },
        }),
      { ...base(deps), concurrency },
    ),
  );
}

/** Where the runner keeps nothing on a disk, everywhere is here. */
async function placeOf(deps: Deps, conversation: string): Promise<"here" | "elsewhere"> {
  if (appOf(deps, conversation)?.runner.keepsPlace !== true) return "here";
  const person = conversationId(personOf(parseConversationId(conversation)));
  return deps.tools.places.claim(person, { name: deps.name ?? deps.workerId, id: deps.workerId });
}

function deliverWorkers(deps: Deps, slots: AppSlots): Worker[] {
  const { queues, tools, logger, now } = deps;
  const traceSend = createSendTrace(deps.tracer);
  const sendingApp = createSendingApps({ ...deps, rules: deps.sending });
  const run = (
    conversation: string,
    fence: Parameters<typeof deliverConversation>[1],
    signal: AbortSignal,
  ) => {
    const client = appOf(deps, conversation)?.client;
    const parts = {
      outbox: tools.outbox,
      app: sendingApp(conversation),
      recall: client && ((msgId: string) => client.recallMessage(msgId)),
      updateCard: client && ((request: UpdateTemplateCardRequest) => client.updateTemplateCard(request)),
    };
    return deliverConversation(conversation, fence, {
      ...recordDelivery(parts, tools.record, now, traceSend),
      bury: tools.bury,
      pause: setTimeout,
      signal,
      logger,
      now,
    });
  };
  return several(JOBS_AT_ONCE, (concurrency) =>
    createBullmqWorker(
      QUEUE_NAMES.deliver,
      (job, token, signal) =>
        handleDelivery(job, token, signal, { ...queues, slots, deliverConversation: run }),
      { ...base(deps), concurrency },
    ),
  );
}

function maintenanceWorker(deps: Deps): Worker {
  const { redis, keys, queues, logger, now } = deps;
  const maintain = async () => {
    await reconcile({ redis, keys, ...queues, olderThanMs: RECONCILE_EVERY_MS, now });
    const removed = await removeOldDeadLetters({ redis, keys, dead: queues.dead, now });
    if (removed > 0) logger.info({ removed }, "dead letters that nobody decided about were too old to keep");
  };
  return createBullmqWorker(QUEUE_NAMES.maintenance, maintain, { ...base(deps), concurrency: 1 });
}
