import type { Replayed } from "@gateway/conversation";

/** The texts of the pages about dead letters. */
export interface DeadTexts {
  readonly about: string;
  readonly what: Readonly<Record<"message" | "reply", string>>;
  readonly partsSent: (sent: number, total: number) => string;
  readonly reason: string;
  readonly who: string;
  readonly when: string;
  readonly select: (id: string) => string;
  readonly replay: string;
  readonly drop: string;
  readonly replayHint: string;
  readonly dropTitle: (count: number) => string;
  readonly dropDetail: string;
  readonly dropConfirm: string;
  readonly keep: string;
  readonly none: string;
  readonly noneDetail: string;
  readonly noneSelected: string;
  readonly replayedNow: (count: number) => string;
  readonly droppedNow: (count: number) => string;
  readonly keptNow: (count: number) => string;
  readonly why: Readonly<Record<Exclude<Replayed["status"], "replayed">, string>>;
  readonly gone: string;
  readonly goneDetail: string;
}

const letters = (count: number) => `${count} dead ${count === 1 ? "letter" : "letters"}`;

export const deadEn: DeadTexts = {
  about:
    "What could not be handled, the newest first. Nothing happens to it until you decide; kept for 30 days.",
  what: { message: "message", reply: "reply" },
  partsSent: (sent, total) => `${sent} of ${total} parts delivered`,
  reason: "Why, and what to do",
  who: "Whose",
  when: "Since",
  select: (id) => `Select ${id}`,
  replay: "Replay",
  drop: "Drop…",
  replayHint:
    "A message is given to the agent again; of a reply only the parts that were not delivered are sent.",
  dropTitle: (count) => `Drop ${letters(count)} for good?`,
  dropDetail: "They cannot be replayed after this. The timelines of the messages stay.",
  dropConfirm: "Drop for good",
  keep: "Keep",
  none: "No dead letters",
  noneDetail: "Everything that came in was handled.",
  noneSelected: "Nothing was selected.",
  replayedNow: (count) => `${letters(count)} replayed.`,
  droppedNow: (count) => `${letters(count)} dropped.`,
  keptNow: (count) => `${letters(count)} could not be replayed:`,
  why: {
    gone: "it was there no more; somebody else may have decided.",
    not_stored: "what it was made of is not stored any more. Ask the person to write again, then drop it.",
    unreadable: "this version cannot read it. Update the gateway, then replay it.",
    full: "too many messages wait in that conversation. Try again later.",
  },
  gone: "This dead letter is gone",
  goneDetail: "It was replayed or dropped, or it was older than 30 days.",
};

export const deadZhCN: DeadTexts = {
  about: "无法处理的消息与回复，最新的在前。在你决定之前不会有任何动作，保留 30 天。",
  what: { message: "消息", reply: "回复" },
  partsSent: (sent, total) => `共 ${total} 段，已送达 ${sent} 段`,
  reason: "原因与处理办法",
  who: "用户",
  when: "时间",
  select: (id) => `选择 ${id}`,
  replay: "重放",
  drop: "丢弃…",
  replayHint: "重放消息会再次交给智能体；重放回复只发送尚未送达的部分。",
  dropTitle: (count) => `彻底丢弃 ${count} 条死信？`,
  dropDetail: "丢弃后无法再重放。消息的处理过程记录会保留。",
  dropConfirm: "彻底丢弃",
  keep: "保留",
  none: "没有死信",
  noneDetail: "收到的消息都已处理。",
  noneSelected: "没有选择任何死信。",
  replayedNow: (count) => `已重放 ${count} 条死信。`,
  droppedNow: (count) => `已丢弃 ${count} 条死信。`,
  keptNow: (count) => `有 ${count} 条死信未能重放：`,
  why: {
    gone: "已不存在，可能已被他人处理。",
    not_stored: "其内容已不再保存。请让用户重新提问，然后丢弃。",
    unreadable: "当前版本无法读取。请升级网关后重放。",
    full: "该会话等待的消息过多，请稍后再试。",
  },
  gone: "该死信已不存在",
  goneDetail: "它已被重放或丢弃，或已超过 30 天。",
};
