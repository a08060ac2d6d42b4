import { QUEUE_NAMES } from "@gateway/conversation";
import type { Language } from "../i18n/language.ts";
import { queueTextOf, textsOf } from "../i18n/texts.ts";

/**
 * Adds to Bull Board's list of queues what each is for, in the operator's language, and takes away its warning
 * that nothing consumes the dead letters: nothing is meant to.
 */
export function describeQueues(route: string, body: unknown, language: Language): unknown {
  if (route !== "/api/queues" || typeof body !== "object" || body === null || !("queues" in body))
    return body;
  const texts = textsOf(language);
  const queues = (Array.isArray(body.queues) ? body.queues : []).map(
    (queue: Readonly<Record<string, unknown>>) => ({
      ...queue,
      description: queueTextOf(texts, String(queue.name))?.about,
      ...(queue.name === QUEUE_NAMES.dead ? { hasWorkers: null } : {}),
    }),
  );
  return { ...body, queues };
}
