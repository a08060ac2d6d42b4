import { createHash } from "node:crypto";
import type { McpServerConfig } from "@gateway/service-kit";
import type { ToolSet } from "ai";
import { jsonSchema, tool } from "ai";
import type { Logger } from "pino";
import type { ToolOutput } from "./tool-output.ts";
import type { ServerTool, ToolServer } from "./tool-server.ts";

/** Endpoints take 128 functions, with names of 64 characters. */
const TOOL_LIMIT = 128;
const NAME_LIMIT_CHARS = 64;
const DESCRIPTION_LIMIT_CHARS = 4000;
const SCHEMA_LIMIT_CHARS = 32_000;

export interface BoxedTool {
  /** For the person: what is going on. */
  readonly title: string;
  readonly needsApproval: boolean;
  /** Calling it twice does no harm. */
  readonly isReadOnly: boolean;
  call(input: object, signal: AbortSignal): Promise<ToolOutput>;
}

/** The tools of a turn. */
export interface ToolBox {
  readonly tools: ReadonlyMap<string, BoxedTool>;
  /** As the model is told of them. */
  readonly declared: ToolSet;
  /** Names of servers that cannot be had at the moment. */
  readonly missing: readonly string[];
}

/** Asks every server for its tools; those that do not answer are left out of this turn. */
export async function openToolBox(
  servers: readonly ToolServer[],
  logger: Pick<Logger, "warn">,
): Promise<ToolBox> {
  const missing: string[] = [];
  const lists = await Promise.all(
    servers.map(async (server) => {
      try {
        return (await server.list()).map((one) => ({ server, one }));
      } catch (error) {
        missing.push(server.config.name);
        logger.warn({ server: server.config.name, err: error }, "a turn goes without these tools");
        return [];
      }
    }),
  );
  const all = lists.flat().filter(({ one }) => JSON.stringify(one.inputSchema).length <= SCHEMA_LIMIT_CHARS);
  if (all.length > TOOL_LIMIT)
    logger.warn(
      { tools: all.length, limit: TOOL_LIMIT },
      "more tools than an endpoint takes; the last are left out",
    );
  const named = all.slice(0, TOOL_LIMIT).map(({ server, one }) => ({
    name: nameOf(server.config.name, one.name),
    server,
    one,
  }));
  return {
    tools: new Map(named.map(({ name, server, one }) => [name, boxed(server, one)])),
    declared: Object.fromEntries(named.map(({ name, one }) => [name, declare(one)])),
    missing,
  };
}

function boxed(server: ToolServer, { name, title, isReadOnly }: ServerTool): BoxedTool {
  return {
    title: `${server.config.name}: ${title}`,
    needsApproval: needsApproval(server.config.approve, name, isReadOnly),
    isReadOnly,
    call: (input, signal) => server.call(name, input, signal),
  };
}

function needsApproval(approve: McpServerConfig["approve"], name: string, isReadOnly: boolean): boolean {
  if (approve === "always") return true;
  if (approve === "never") return false;
  return approve === "writes" ? !isReadOnly : approve.includes(name);
}

function declare({ description, inputSchema }: ServerTool): ToolSet[string] {
  return tool({
    description: description.slice(0, DESCRIPTION_LIMIT_CHARS).toWellFormed(),
    inputSchema: jsonSchema(inputSchema),
  });
}

/** The same whatever other servers there are: a conversation remembers calls by their names. */
function nameOf(server: string, name: string): string {
  const plain = `${server}_${name}`.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  if (plain.length <= NAME_LIMIT_CHARS && plain === `${server}_${name}`) return plain;
  const mark = createHash("sha256").update(`${server} ${name}`).digest("hex").slice(0, 8);
  return `${plain.slice(0, NAME_LIMIT_CHARS - 9)}_${mark}`;
}
