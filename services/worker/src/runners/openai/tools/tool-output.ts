import type { CallToolResult } from "@ai-sdk/mcp";
import { z } from "zod";

/** What a model gets to read of one call. */
const OUTPUT_LIMIT_BYTES = 32 * 1024;

export interface ToolOutput {
  readonly output: string;
  readonly failed: boolean;
}

/** A tool's result as bounded text. Pictures and other bytes are named and left out. */
export function readToolResult(result: CallToolResult): ToolOutput {
  const failed = "isError" in result && result.isError === true;
  return { output: bound(tellResult(result)), failed };
}

function tellResult(result: CallToolResult): string {
  if (!Array.isArray(result.content)) return JSON.stringify(result.toolResult ?? null);
  const texts = result.content.map(tellPart);
  const said = texts.filter((text) => text !== "").join("\n");
  if (said !== "") return said;
  const { structuredContent } = result;
  return structuredContent === undefined ? "(the tool said nothing)" : JSON.stringify(structuredContent);
}

const words = z.string().default("").catch("");
/** Read with a light hand: a part that is not as the protocol says must not cost the rest. */
const partSchema = z.object({
  type: z.string(),
  ...{ text: words, mimeType: words, uri: words },
  resource: z.object({ uri: words, text: words }).optional().catch(undefined),
});

function tellPart(part: unknown): string {
  const { data } = partSchema.safeParse(part);
  if (data === undefined) return "";
  const { type, text, mimeType, uri, resource } = data;
  if (type === "text") return text;
  if (type === "resource_link") return `[resource] ${uri}`;
  if (resource !== undefined) return resource.text || `[resource] ${resource.uri}`;
  return `[${type} ${mimeType} left out]`;
}

/** Three quarters of the beginning and one of the end. */
export function bound(text: string): string {
  const bytes = Buffer.from(text.toWellFormed());
  if (bytes.length <= OUTPUT_LIMIT_BYTES) return bytes.toString();
  const head = Math.floor((OUTPUT_LIMIT_BYTES * 3) / 4);
  const tail = OUTPUT_LIMIT_BYTES - head;
  const left = bytes.length - OUTPUT_LIMIT_BYTES;
  return `${bytes.subarray(0, head).toString()}\n[… ${left} bytes left out …]\n${bytes.subarray(-tail).toString()}`;
}
