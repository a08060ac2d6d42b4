import type { Keys, Outbox, Timeline } from "@gateway/conversation";
import { readTranscript } from "@gateway/conversation";
import type { Redis } from "ioredis";
import { z } from "zod";

export interface ReplyContent {
  readonly replyId: string;
  readonly parts: readonly { readonly text: string; readonly state: string }[];
}

/** What was said, as far as it is still stored. */
export interface MessageContent {
  readonly asked: string | undefined;
  readonly replies: readonly ReplyContent[];
}

export async function readContent(
  { events }: Timeline,
  deps: { redis: Redis; keys: Keys; outbox: Outbox },
): Promise<MessageContent> {
  const claim = events.find((event) => event.type === "claimed");
  const exchanges =
    claim === undefined ? [] : await readTranscript(deps.redis, deps.keys, claim.conversation);
  const asked = exchanges.find(({ turnId }) => turnId !== undefined && turnId === claim?.turnId)?.user;
  const replyIds = events.flatMap((event) => (event.type === "planned" ? [event.replyId] : []));
  const stored = await Promise.all([...new Set(replyIds)].map((replyId) => deps.outbox.read(replyId)));
  const replies = stored.flatMap((reply) =>
    reply === undefined
      ? []
      : [
          {
            replyId: reply.id,
            parts: reply.chunks.map(({ body, state }) => ({ text: textOf(body), state })),
          },
        ],
  );
  return { asked, replies };
}

const content = z.object({ content: z.string() });
const spoken = z.union([
  z.object({ msgtype: z.literal("text"), text: content }).transform(({ text }) => text.content),
  z
    .object({ msgtype: z.literal("markdown"), markdown: content })
    .transform(({ markdown }) => markdown.content),
]);

/** The text of a request; of a card or a file the request's own fields. */
function textOf(body: string): string {
  try {
    const request: unknown = JSON.parse(body);
    return spoken.safeParse(request).data ?? JSON.stringify(request, undefined, 2);
  } catch {
    return body;
  }
}
