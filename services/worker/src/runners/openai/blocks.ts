import type { ModelMessage, ToolModelMessage, ToolResultPart } from "ai";
import { countTokens } from "./tokens.ts";

/** Messages that stay together: a call of a tool never goes without its result. */
export type Block = readonly ModelMessage[];

/** What the model is given of a conversation: exchanges before this turn, and what this turn has done. */
export interface Window {
  readonly past: readonly Block[];
  readonly run: readonly Block[];
}

export const countBlocks = (blocks: readonly Block[]) =>
  blocks.reduce((sum, block) => sum + countTokens(block), 0);

const LEFT_OUT_ABOVE_CHARS = 400;
/** The latest of a run stay whole: the model is at work on them. */
const WHOLE_BLOCKS = 3;

/** Leaves out what tools said long ago. The calls stay, each with a result. */
export function pruneResults(window: Window): Window {
  const kept = Math.max(window.run.length - WHOLE_BLOCKS, 0);
  return {
    past: window.past.map(pruneBlock),
    run: window.run.map((block, index) => (index < kept ? pruneBlock(block) : block)),
  };
}

function pruneBlock(block: Block): Block {
  return block.map((message) => (message.role === "tool" ? pruneMessage(message) : message));
}

function pruneMessage(message: ToolModelMessage): ToolModelMessage {
  return {
    ...message,
    content: message.content.map((part) => (part.type === "tool-result" ? pruneResult(part) : part)),
  };
}

function pruneResult(part: ToolResultPart): ToolResultPart {
  const { output } = part;
  if ((output.type !== "text" && output.type !== "error-text") || output.value.length <= LEFT_OUT_ABOVE_CHARS)
    return part;
  return { ...part, output: { ...output, value: `[left out: ${output.value.length} characters]` } };
}

/** How many blocks of each, from the beginning, have to become a summary so that the rest has at most `keepTokens`. */
export function splitForSummary(window: Window, keepTokens: number): { past: number; run: number } {
  const blocks = [...window.past, ...window.run];
  let left = keepTokens;
  let kept = 0;
  for (const block of blocks.toReversed()) {
    left -= countTokens(block);
    if (left < 0) break;
    kept += 1;
  }
  // The latest step stays, however long it is: the model has yet to see its results.
  const gone = Math.min(blocks.length - kept, Math.max(blocks.length - (window.run.length > 0 ? 1 : 0), 0));
  const past = Math.min(gone, window.past.length);
  return { past, run: gone - past };
}

export function dropBlocks(window: Window, gone: { past: number; run: number }): Window {
  return { past: window.past.slice(gone.past), run: window.run.slice(gone.run) };
}
