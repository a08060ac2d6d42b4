import type { MailboxEntry } from "@gateway/conversation";
import { MAILBOX_LIMIT, parseConversationId } from "@gateway/conversation";
import type { AccessRegistry } from "@gateway/conversation/access";
import { showPairingCode } from "@gateway/conversation/access";
import type { Logger } from "pino";
import type { WorkerApp } from "../apps.ts";

const FULL_NOTICE_EVERY_MS = 30_000;

export interface AnswerMarkDeps {
  readonly access: Pick<AccessRegistry, "request">;
  readonly mayTell: (conversation: string, what: string, periodMs: number, cause: string) => Promise<boolean>;
  readonly logger: Pick<Logger, "info">;
  readonly now: () => number;
}

/** What a person is told whose message was not taken, who may not talk to the app, or who was let in. */
export async function answerMark(
  mark: NonNullable<MailboxEntry["mark"]>,
  app: WorkerApp,
  { conversation, messageId }: { conversation: string; messageId: string },
  deps: AnswerMarkDeps,
): Promise<string | undefined> {
  switch (mark) {
    case "refused": {
      const mayTell = await deps.mayTell(conversation, "mailbox-full", FULL_NOTICE_EVERY_MS, messageId);
      return mayTell ? app.texts.turn.mailboxFull({ limit: MAILBOX_LIMIT }) : undefined;
    }
    case "denied":
      return answerDenied(app, conversation, deps);
    case "admitted":
      return app.texts.access.welcomeIn;
    default:
      return mark satisfies never;
  }
}

/** How often a person hears this is decided where the entry is stored, before it is. */
async function answerDenied(
  app: WorkerApp,
  conversation: string,
  { access, logger, now }: AnswerMarkDeps,
): Promise<string | undefined> {
  const texts = app.texts.access;
  if (!app.pairing) return app.denyNotice ? texts.denied : undefined;
  const ref = parseConversationId(conversation);
  const result = await access.request({ ...ref, appName: app.name }, ref.userId);
  logger.info({ app: app.name, userId: ref.userId, result: result.status }, "access asked for");
  // Whoever was let in while this waited has been told already.
  if (result.status === "approved") return undefined;
  if (result.status === "full") return texts.pairingBusy;
  const { code, expiresAtMs } = result.request;
  const minutes = Math.max(1, Math.ceil((expiresAtMs - now()) / 60_000));
  return texts.pairing({ code: showPairingCode(code), minutes });
}
