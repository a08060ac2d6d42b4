import { z } from "zod";

/** A tool that the agent uses, as far as it has told. */
export interface Tool {
  readonly title?: string | undefined;
  readonly name?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: string | undefined;
  readonly rawInput?: unknown;
  readonly content?: readonly unknown[] | undefined;
  readonly paths?: readonly string[] | undefined;
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

/** Kinds that leave the world as it is. What has no kind may do anything. */
const HARMLESS = new Set(["read", "search", "think", "fetch", "switch_mode"]);
const TOOLS_LIMIT = 1000;

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
      const { toolCallId, locations, rawInput, ...rest } = parsed.data;
      const before = known.get(toolCallId);
      const paths = locations?.map(({ path }) => path);
      const tool: Tool = {
        ...before,
        ...Object.fromEntries(
          Object.entries(rest).filter(([, value]) => value !== null && value !== undefined),
        ),
        ...(isEmpty(rawInput) ? {} : { rawInput }),
        ...(paths === undefined || paths.length === 0 ? {} : { paths }),
      };
      if (before !== undefined || known.size < TOOLS_LIMIT) known.set(toolCallId, tool);
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

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)
  );
}

const DETAIL_LIMIT_CHARS = 2000;

/** What the person has to know to allow it: what it does, in full where there is room. */
export function describeTool(tool: Tool): { readonly title: string; readonly detail: string } {
  const title = tool.title ?? tool.name ?? tool.kind ?? "?";
  const input = tool.rawInput;
  const command = isRecord(input) ? input.command : undefined;
  const lines = [
    command === undefined ? (isEmpty(input) ? textOf(tool.content) : oneLine(input)) : oneLine(command),
    isRecord(input) && typeof input.cwd === "string" ? input.cwd : undefined,
    tool.paths?.join("\n"),
  ];
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

function textOf(content: readonly unknown[] | undefined): string | undefined {
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
