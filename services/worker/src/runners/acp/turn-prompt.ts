import { randomUUID } from "node:crypto";
import { chown, copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContentBlock } from "@agentclientprotocol/sdk";
import type { Exchange } from "@gateway/conversation";
import type { Attachment, Turn } from "../runner.ts";
import { wecomHint } from "../wecom-hint.ts";
import type { Workspace } from "./workspace.ts";

/** Larger pictures are for the agent's own tools. */
const IMAGE_LIMIT_BYTES = 4 * 1024 * 1024;
const IMAGE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

const HISTORY_LIMIT_CHARS = 24_000;

/** Said instead of the person's message to an agent that has it already and was cut off. */
const CONTINUE = [
  "[gateway] You were cut off: the service was restarted while you worked on the last message above.",
  "Go on with it now and answer it. Do not do again what is done already; check first where you are not sure.",
  "（服务刚刚重启，打断了你。请继续完成上一条消息，不要重复已经做完的事。）",
].join("\n");

export function continuePrompt(): ContentBlock[] {
  return [{ type: "text", text: CONTINUE }];
}

/** The person's message as the agent gets it; an agent that remembers nothing is told what it has to know. */
export async function messagePrompt(
  turn: Turn,
  to: {
    readonly workspace: Workspace;
    readonly remembers: boolean;
    readonly instructions: string | undefined;
    readonly takesImages: boolean;
  },
): Promise<ContentBlock[]> {
  const { workspace } = to;
  const files = await Promise.all(turn.attachments.map((file) => handOver(file, workspace)));
  const text = files.reduce((said, file) => said.replaceAll(file.original.path, file.path), turn.text);
  const blocks: string[] = [];
  if (!to.remembers) {
    const hint = wecomHint({ mediaDirs: [workspace.outbox], instructions: to.instructions });
    blocks.push(`[gateway]\n${hint}`);
    const history = await turn.history();
    if (history.length > 0) blocks.push(tellHistory(history));
  }
  const images = to.takesImages ? await Promise.all(files.map(readImage)) : [];
  return [...[...blocks, text].map((one): ContentBlock => ({ type: "text", text: one })), ...images.flat()];
}

interface HandedOver {
  readonly original: Attachment;
  readonly path: string;
}

/** Copies a file to where the agent may read it. */
async function handOver(original: Attachment, { inbox, uid }: Workspace): Promise<HandedOver> {
  const path = join(inbox, `${randomUUID().slice(0, 8)}-${original.name}`);
  await copyFile(original.path, path);
  if (uid !== undefined) await chown(path, uid, uid);
  return { original, path };
}

async function readImage({ original, path }: HandedOver): Promise<ContentBlock[]> {
  if (!IMAGE_TYPES.includes(original.mime) || original.sizeBytes > IMAGE_LIMIT_BYTES) return [];
  const data = (await readFile(path)).toString("base64");
  return [{ type: "image", data, mimeType: original.mime }];
}

/** The latest part of it: what came before is lost to the agent anyway. */
function tellHistory(history: readonly Exchange[]): string {
  const lines = history.map(({ user, assistant }) => `Person: ${user}\nYou: ${assistant}`);
  let length = 0;
  const kept = lines.reverse().filter((line) => {
    length += line.length;
    return length <= HISTORY_LIMIT_CHARS;
  });
  return `[gateway] What was said before in this conversation, for you to know:\n\n${kept.reverse().join("\n\n")}`;
}
