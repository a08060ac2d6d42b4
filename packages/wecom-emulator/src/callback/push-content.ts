import { z } from "zod";

const mediaId = z.string().max(512);
const text = (max: number) => z.string().max(max);

const selectedItem = z.strictObject({ questionKey: text(1024), optionIds: z.array(text(128)).max(20) });

/** What a member can do towards an app, as the control API takes it. */
export const pushContentSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), content: text(100_000) }),
  z.strictObject({ type: z.literal("image"), mediaId, picUrl: text(2048).default("") }),
  z.strictObject({ type: z.literal("voice"), mediaId, format: z.enum(["amr", "speex"]).default("amr") }),
  z.strictObject({ type: z.literal("video"), mediaId, thumbMediaId: mediaId.default("") }),
  z.strictObject({
    type: z.literal("location"),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    scale: z.int().min(0).max(30).default(16),
    label: text(1000).default(""),
  }),
  z.strictObject({
    type: z.literal("link"),
    title: text(1000),
    description: text(2000).default(""),
    url: text(2048),
    picUrl: text(2048).default(""),
  }),
  /** Not documented for self-built apps, yet it must not break anybody. */
  z.strictObject({ type: z.literal("file"), title: text(1000), mediaId }),
  z.strictObject({ type: z.literal("enter_agent") }),
  z.strictObject({ type: z.literal("subscribe") }),
  z.strictObject({ type: z.literal("unsubscribe") }),
  z.strictObject({ type: z.literal("click"), eventKey: text(128) }),
  z.strictObject({ type: z.literal("view"), eventKey: text(2048) }),
  z.strictObject({
    type: z.literal("template_card_event"),
    /** Id of the card's message: fills in the three fields below. */
    msgId: text(200).optional(),
    eventKey: text(1024),
    taskId: text(128).default(""),
    cardType: text(50).default(""),
    responseCode: text(200).default(""),
    selectedItems: z.array(selectedItem).max(20).default([]),
  }),
  /** Any other type, with its own elements. With `event` it is an event, else a message. */
  z.strictObject({
    type: z.literal("other"),
    msgType: text(50).default("event"),
    event: text(50).optional(),
    fields: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/), z.union([text(60_000), z.number()]))
      .default({}),
  }),
]);

export type PushContentInput = z.input<typeof pushContentSchema>;
export type PushContent = z.infer<typeof pushContentSchema>;
