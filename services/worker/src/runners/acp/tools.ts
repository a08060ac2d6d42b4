import { z } from "zod";

/** A tool that the agent uses, as far as it has told. */
export interface Tool {
  readonly title?: string | undefined;
  readonly name?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: string | undefined;
  /** What it is to do, as far as it is told to a person: an agent may send whole files. */
  readonly command?: string | undefined;
  readonly directory?: string | undefined;
  readonly input?: string | undefined;
  readonly content?: string | undefined;
  readonly paths?: string | undefined;
}

const text = z.string().nullish().catch(undefined);
const toolSchema = z.object({
  toolCallId: z.string(),
  title: text,
  name: text,
  kind: text,
  status: text,
  rawInput: z.unknown().optional(),
  content: z.array(z.unknown()).nullish().catch(undefined),
  locations: z
    .array(z.object({ path: z.string() }))
    .nullish()
    .catch(undefined),
});

type Piece = z.infer<typeof toolSchema>;

/** Kinds that leave the world as it is. What has no kind may do anything. */
const HARMLESS = new Set(["read", "search", "think", "fetch", "switch_mode"]);
const TOOLS_LIMIT = 1000;
const DETAIL_LIMIT_CHARS = 2000;

/** The tools of one turn: agents tell of them piece by piece, some without a beginning. */
export interface Tools {
  /** Takes in a piece; `isNew` for the first of its tool. Undefined when it is not readable. */
  merge(piece: unknown): { readonly tool: Tool; readonly isNew: boolean } | undefined;
  /** One is at work. */
  isBusy(): boolean;
}

export function createTools(onActed: () => void): Tools {
  const known = new Map<string, Tool>();
  return {
    merge(piece) {
      const parsed = toolSchema.safeParse(piece);
      if (!parsed.success) return undefined;
      const { toolCallId } = parsed.data;
      const before = known.get(toolCallId);
      const tool: Tool = { ...before, ...readPiece(parsed.data) };
      if (before !== undefined || known.size < TOOLS_LIMIT) known.set(toolCallId, kept(tool));
      if (
        !HARMLESS.has(tool.kind ?? "other") &&
        (tool.status === "in_progress" || tool.status === "completed")
      )
        onActed();
      return { tool, isNew: before === undefined };
    },
    isBusy: () => [...known.values()].some(({ status }) => status === "in_progress"),
  };
}

/** What it says anew. */
function readPiece({ title, name, kind, status, rawInput, content, locations }: Piece): Tool {
  const said = { title, name, kind, status, ...readInput(rawInput), content: textOf(content) };
  const paths = locations?.map(({ path }) => path).join("\n");
  return Object.fromEntries(
    Object.entries({ ...said, paths }).flatMap(([key, value]) =>
      value === null || value === undefined || value === "" ? [] : [[key, beginningOf(value)]],
    ),
  );
}

function readInput(input: unknown): Pick<Tool, "command" | "directory" | "input"> {
  if (isEmpty(input)) return {};
  if (!isRecord(input)) return { input: oneLine(input) };
  const directory = typeof input.cwd === "string" ? input.cwd : undefined;
  return input.command === undefined
    ? { input: oneLine(input), directory }
    : { command: oneLine(input.command), directory };
}

/** Of one that has ended nothing is asked any more. */
function kept({ command, directory, input, content, paths, ...tool }: Tool): Tool {
  const hasEnded = tool.status === "completed" || tool.status === "failed";
  return hasEnded ? tool : { ...tool, command, directory, input, content, paths };
}

/** A copy, as a part of a string keeps the whole of it in memory. */
function beginningOf(text: string): string {
  if (text.length <= DETAIL_LIMIT_CHARS) return text;
  return Buffer.from(text.slice(0, DETAIL_LIMIT_CHARS), "utf16le").toString("utf16le");
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)
  );
}

/** What the person has to know to allow it: what it does, in full where there is room. */
export function describeTool(tool: Tool): { readonly title: string; readonly detail: string } {
  const title = tool.title ?? tool.name ?? tool.kind ?? "?";
  const lines = [tool.command ?? tool.input ?? tool.content, tool.directory, tool.paths];
  const detail = lines.filter((line) => line !== undefined && line !== "" && line !== title).join("\n");
  return {
    title: title.slice(0, 200).toWellFormed(),
    detail: detail.slice(0, DETAIL_LIMIT_CHARS).toWellFormed(),
  };
}

function oneLine(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((word) => typeof word === "string")) return value.join(" ");
  return JSON.stringify(value) ?? "";
}

function textOf(content: readonly unknown[] | null | undefined): string | undefined {
  const texts = content?.flatMap((part) => {
    if (!isRecord(part)) return [];
    if (part.type === "diff") return [`${String(part.path)}\n${String(part.newText)}`];
    return isRecord(part.content) && typeof part.content.text === "string" ? [part.content.text] : [];
  });
  return texts?.join("\n");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
