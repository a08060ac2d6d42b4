import { messageDraftSchema } from "@gateway/wecom-client";
import { z } from "zod";

const id = z.string().min(1).max(64);
const ids = z.array(id.regex(/^\d+$/, "Needs ids of digits.")).min(1).max(100);
const app = z
  .string()
  .min(1)
  .max(160)
  .meta({ description: "The app's name or corp/agent. May be left out where only one app is configured." })
  .optional();

export const recipientSchema = z
  .union(
    [
      z.strictObject({
        user: z.string().min(1).max(220).meta({
          description:
            "corp/agent/user, or a user id alone: the app that the person last wrote to. An id known in several corps is refused.",
        }),
      }),
      z.strictObject({
        party: ids.meta({ description: "Department ids. Each gets a message of its own." }),
        app,
      }),
      z.strictObject({ tag: ids.meta({ description: "Tag ids. Each gets a message of its own." }), app }),
      z.strictObject({
        chat: z
          .string()
          .regex(/^[0-9A-Za-z]{1,32}$/)
          .meta({ description: "A group that the app has created, see /chats." }),
        app,
      }),
      z.strictObject({
        all: z.literal(true).meta({ description: "Everybody in the app's visible range." }),
        app,
      }),
    ],
    {
      error:
        'Needs one of {"user": …}, {"party": […]}, {"tag": […]}, {"chat": …}, {"all": true}, the last four with an app.',
    },
  )
  .meta({ description: "Who gets the message." });
export type ApiRecipient = z.output<typeof recipientSchema>;

export const sendRequestSchema = z.strictObject({
  to: recipientSchema,
  message: messageDraftSchema.meta({
    description:
      "msgtype and the field of that name, as WeCom documents it (document 90236). A text or markdown of more than 2048 bytes goes out as several messages.",
  }),
});
export type SendRequest = z.output<typeof sendRequestSchema>;

const userIds = z.array(id).min(2).max(2000);
export const createChatSchema = z.strictObject({
  name: z.string().min(1).max(50),
  owner: id,
  users: userIds.meta({ description: "2 to 2000 user ids, the owner among them." }),
  app,
});
export const chatSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  users: z.array(z.string()),
});

export const acceptedSchema = z.strictObject({
  id: z.string().meta({ description: "Also the id of the message's timeline." }),
  statusUrl: z.string(),
});

const partSchema = z.strictObject({
  index: z.int(),
  state: z.enum(["pending", "sending", "sent", "failed", "unknown"]),
  attempts: z.int(),
  code: z.string().optional(),
  cause: z.string().optional(),
  remedy: z.string().optional(),
});

export const messageStatusSchema = z.strictObject({
  id: z.string(),
  state: z.enum([
    ...["waiting", "running", "joined", "answered", "delivered"],
    ...["done", "dead", "replayed", "dropped"],
  ] as const),
  app: z.string().optional(),
  conversation: z.string().optional(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  code: z.string().optional(),
  replies: z.array(z.strictObject({ id: z.string(), kind: z.string(), parts: z.array(partSchema) })),
});

export const timelineSchema = z.strictObject({
  id: z.string(),
  state: messageStatusSchema.shape.state,
  events: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      type: z.string(),
      text: z.string().meta({ description: "In the language of Accept-Language: en or zh-CN." }),
      code: z.string().optional(),
      remedy: z.string().optional(),
    }),
  ),
});

export const deadLettersSchema = z.strictObject({
  total: z.int(),
  deadLetters: z.array(
    z.strictObject({
      id: z.string(),
      what: z.enum(["message", "reply"]),
      conversation: z.string(),
      messageIds: z.array(z.string()),
      code: z.string(),
      reason: z.string(),
      remedy: z.string().optional(),
      at: z.iso.datetime(),
    }),
  ),
});

export const replayedSchema = z.strictObject({
  id: z.string(),
  replayedAs: z.array(z.string()).meta({ description: "The new ids: of messages, or of a reply." }),
});

export const errorSchema = z.looseObject({
  error: z.string().meta({ description: "Stable and machine readable." }),
  hint: z.string().meta({ description: "What to do, in plain words." }),
});
