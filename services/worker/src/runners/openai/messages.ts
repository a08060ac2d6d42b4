import { readFile } from "node:fs/promises";
import type { Exchange } from "@gateway/conversation";
import type { AssistantModelMessage, ModelMessage, ToolModelMessage, UserModelMessage } from "ai";
import type { Attachment } from "../runner.ts";
import type { Block } from "./blocks.ts";
import type { Entry } from "./journal.ts";
import { callId } from "./journal.ts";
import { readMemory } from "./memory.ts";

const IMAGES_LIMIT = 8;
/** WeCom takes pictures up to 10 MB; endpoints mostly less than 20 MB of a request. */
const IMAGES_LIMIT_BYTES = 12 * 1024 * 1024;
const IMAGE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** What the person wrote, with the pictures that came with it. */
export async function inputMessage(
  text: string,
  attachments: readonly Attachment[],
  takesImages: boolean,
): Promise<UserModelMessage> {
  const images = takesImages ? attachments.filter(isImage).slice(0, IMAGES_LIMIT) : [];
  let leftBytes = IMAGES_LIMIT_BYTES;
  const parts = [];
  for (const { path, mime, sizeBytes } of images) {
    leftBytes -= sizeBytes;
    if (leftBytes < 0) break;
    // A picture that has gone meanwhile is still a line of the text.
    const image = await readFile(path).catch(() => undefined);
    if (image !== undefined) parts.push({ type: "image" as const, image, mediaType: mime });
  }
  return { role: "user", content: parts.length === 0 ? text : [{ type: "text", text }, ...parts] };
}

function isImage({ kind, mime }: Attachment): boolean {
  return kind === "image" && IMAGE_TYPES.includes(mime);
}

/** One block each. */
export function exchangeBlocks(exchanges: readonly Exchange[]): Block[] {
  return exchanges.map((exchange) => [
    { role: "user", content: exchange.user },
    ...(readMemory(exchange)?.messages ?? []),
    { role: "assistant", content: exchange.assistant },
  ]);
}

/** What this turn has done so far: a block for each step with its results, and for each addition. */
export function runBlocks(entries: readonly Entry[]): Block[] {
  const blocks: ModelMessage[][] = [];
  const names = new Map<string, string>();
  let step = 0;
  for (const entry of entries) {
    if (entry.type === "added") blocks.push([{ role: "user", content: entry.text }]);
    if (entry.type === "said") {
      for (const [index, { name }] of entry.calls.entries()) names.set(callId(step, index), name);
      blocks.push([assistantMessage(entry, step)]);
      step += 1;
    }
    if (entry.type === "result") blocks.at(-1)?.push(resultMessage(entry, names.get(entry.call) ?? ""));
  }
  return blocks;
}

function assistantMessage(
  { text, reasoning, calls }: Extract<Entry, { type: "said" }>,
  step: number,
): AssistantModelMessage {
  return {
    role: "assistant",
    content: [
      ...(reasoning === "" ? [] : [{ type: "reasoning" as const, text: reasoning }]),
      ...(text === "" ? [] : [{ type: "text" as const, text }]),
      ...calls.map(({ name, input, signature }, index) => ({
        type: "tool-call" as const,
        toolCallId: callId(step, index),
        toolName: name,
        input,
        ...(signature === undefined ? {} : { providerOptions: { google: { thoughtSignature: signature } } }),
      })),
    ],
  };
}

function resultMessage(
  { call, output, failed }: Extract<Entry, { type: "result" }>,
  toolName: string,
): ToolModelMessage {
  const type = failed ? ("error-text" as const) : ("text" as const);
  return {
    role: "tool",
    content: [{ type: "tool-result", toolCallId: call, toolName, output: { type, value: output } }],
  };
}
