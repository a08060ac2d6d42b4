import { once } from "node:events";
import type { InboundMessage } from "@gateway/conversation";
import { conversationId, createAcceptor, createKeys } from "@gateway/conversation";
import { pino } from "pino";
import { createTexts } from "../../../packages/texts/src/catalog.ts";
import type { WorkerApp } from "../../../services/worker/src/apps.ts";
import type { ControlAnswer } from "../../../services/worker/src/control/control-answer.ts";
import type { ControlMessageDeps } from "../../../services/worker/src/control/handle-control-message.ts";
import { handleControlMessage } from "../../../services/worker/src/control/handle-control-message.ts";
import { createConversationTools } from "../../../services/worker/src/conversation-tools.ts";
import { createInbox } from "../../../services/worker/src/media/in/inbox.ts";
import { createSpool } from "../../../services/worker/src/media/out/spool.ts";
import { openQueues } from "../../../services/worker/src/open-queues.ts";
import { meetBusyAgent } from "../../../services/worker/src/turn/meet-busy-agent.ts";
import { processTurn } from "../../../services/worker/src/turn/process-turn.ts";
import { createRunningTurns } from "../../../services/worker/src/turn/running-turns.ts";
import { createTrials } from "../../../services/worker/src/turn/trials.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { createScriptedRunner } from "./scripted-runner.ts";

const CORP = "ww1";
const AGENT = "1000002";
const logger = pino({ level: "silent" });

/** A secret of the gateway's that an agent has found. */
export const SECRET = "corp-secret-0123456789";

export const texts = createTexts("zh-CN");

export type Harness = Awaited<ReturnType<typeof startHarness>>;
export type Person = ReturnType<Harness["person"]>;

/** The commands over a real Redis, with an agent that does what the test says. */
export async function startHarness() {
  const server: TestRedis = await startRedis();
  const redis = server.client();
  await once(redis, "ready");
  const keys = createKeys(server.prefix);
  const queues = openQueues({ connection: redis, prefix: server.prefix, logger });
  /** Every message is a second later than the one before, as people type. */
  const clock = { ms: 1_700_000_000_000 };
  const now = () => clock.ms;
  const record = () => undefined;
  const tools = createConversationTools({
    redis,
    prefix: server.prefix,
    keys,
    queues,
    record,
    now,
    deadAfterMs: 10_000,
  });
  const acceptor = createAcceptor({ connection: redis, prefix: server.prefix });
  const running = createRunningTurns({ subscriber: server.client(), keys, logger });
  const runner = createScriptedRunner();
  const app: WorkerApp = {
    name: "app",
    client: {
      sendMessageBytes: neverCalled,
      sendAppChatBytes: neverCalled,
      recallMessage: neverCalled,
      updateTemplateCard: neverCalled,
      uploadMedia: neverCalled,
      downloadMedia: neverCalled,
    },
    runner,
    texts,
    busyMode: "queue",
    isAdmin: (userId) => userId.startsWith("admin"),
    menu: { report: "写一份日报", halt: "/stop all" },
    welcome: { text: "你好", everyHours: 24 },
    pairing: false,
    denyNotice: false,
  };
  const apps = { find: () => app };
  const deps: ControlMessageDeps = {
    ...tools,
    now,
    meetBusyAgent: (message, conversation) => meetBusyAgent(message, conversation, { ...tools, apps, now }),
  };
  const turnDeps = {
    ...tools,
    running,
    trials: createTrials(),
    mask: (text: string) => text.replaceAll(SECRET, "[hidden]"),
    mediaIn: { inbox: createInbox("/nonexistent"), transcribe: undefined },
    mediaOut: { spool: createSpool("/nonexistent"), download: neverCalled },
    settings: {
      batch: { quietMs: 0, capMs: 0 },
      maxAttempts: 2,
      noticeAfterSeconds: [],
      cardAfterSeconds: 5,
      idleMs: 600_000,
      approvalMs: 600_000,
      session: { idleMs: 0 },
    },
    logger,
    now,
  };
  let people = 0;
  let messages = 0;
  let jobs = 0;

  /** What BullMQ does when it hands out a job: the lock holds the token. */
  async function lockTurn() {
    const jobId = `job-${++jobs}`;
    const fence = { jobId, lockKey: `${queues.turns.toKey(jobId)}:lock`, token: jobId };
    await redis.set(fence.lockKey, jobId);
    return fence;
  }

  function person(name = "user") {
    const userId = `${name}-${++people}`;
    const ref = { corpId: CORP, agentId: AGENT, userId };
    const conversation = conversationId(ref);
    const inbound = (message: object): InboundMessage => {
      clock.ms += 1000;
      const id = `cb-${userId}-${++messages}`;
      const common = { toUserName: CORP, fromUserName: userId, createTime: 1_700_000_000, agentId: AGENT };
      return {
        v: 1,
        id,
        appName: "app",
        corpId: CORP,
        agentId: AGENT,
        userId,
        receivedAtMs: clock.ms,
        message: { ...common, ...message } as InboundMessage["message"],
      };
    };
    const text = (content: string) => inbound({ kind: "text", content, msgId: "1" });
    const event = (name: string, fields: object = {}) => inbound({ kind: "event", event: name, ...fields });
    const answerAs = async (message: InboundMessage, as: WorkerApp) =>
      asAnswer(await handleControlMessage(as, conversation, message, deps));
    const handleAs = async (message: InboundMessage, as: WorkerApp) => (await answerAs(message, as)).text;
    const answer = (message: InboundMessage, options: Partial<WorkerApp> = {}) =>
      answerAs(message, { ...app, ...options });
    const handle = (message: InboundMessage, options: Partial<WorkerApp> = {}) =>
      handleAs(message, { ...app, ...options });
    return {
      userId,
      ref,
      conversation,
      text,
      event,
      /** Also which cards change. */
      answer,
      handle,
      handleAs,
      /** With other surroundings; `undefined` takes one away. */
      async handleWith(message: InboundMessage, changed: { access?: undefined }) {
        const { access, ...rest } = deps;
        const kept = "access" in changed || access === undefined ? rest : deps;
        return asAnswer(await handleControlMessage(app, conversation, message, kept)).text;
      },
      /** A command, as it comes off the control lane. */
      say: (content: string) => handle(text(content)),
      /** A message for the agent, as it comes in. */
      async write(content: string): Promise<InboundMessage> {
        const message = text(content);
        await acceptor.accept(message);
        return message;
      },
      lockTurn,
      /** The worker is gone: its lock with it. What it left behind cannot do anything any more. */
      killWorker: () => redis.del(`${queues.turns.toKey(`job-${jobs}`)}:lock`),
      /** One turn of the conversation (or of a background one), as a worker would run it. */
      async turn(of = conversation, as: Partial<WorkerApp> = {}) {
        const fence = await lockTurn();
        const { signal } = new AbortController();
        const outcome = await processTurn(of, fence, signal, { ...app, ...as }, turnDeps);
        await redis.del(fence.lockKey);
        return outcome;
      },
      /** What waits, as the agent will be given it. */
      async waiting(of = conversation): Promise<string[]> {
        const entries = await tools.turnControl.waiting(of);
        return entries.map(({ message }) =>
          message?.message.kind === "text" ? message.message.content : "?",
        );
      },
      /** Every text in the person's outbox, oldest first. */
      async outbox(): Promise<string[]> {
        const ids = await redis.lrange(keys.outbox(conversation), 0, -1);
        const replies = await Promise.all(ids.map((id) => tools.outbox.read(id)));
        return replies.flatMap((reply) =>
          (reply?.chunks ?? []).map(({ body }) => {
            const { text } = JSON.parse(body) as { text?: { content: string } };
            return text?.content ?? "(card)";
          }),
        );
      },
    };
  }

  return {
    redis,
    keys,
    tools,
    clock,
    runner,
    app,
    person,
    queues,
    async stop() {
      running.stop();
      await acceptor.close();
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      await server.stop();
    },
  };
}

function asAnswer(answer: string | ControlAnswer | undefined): ControlAnswer {
  return typeof answer === "object" ? answer : { text: answer };
}

async function neverCalled(): Promise<never> {
  throw new Error("Commands do not speak to WeCom.");
}
