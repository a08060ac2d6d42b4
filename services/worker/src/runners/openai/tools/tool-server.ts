import type { MCPClient } from "@ai-sdk/mcp";
import { createMCPClient } from "@ai-sdk/mcp";
import type { McpServerConfig } from "@gateway/service-kit";
import { createMaskText } from "@gateway/service-kit";
import type { Logger } from "pino";
import { childEnv } from "../../child-env.ts";
import { createStdioTransport } from "./stdio-transport.ts";
import type { ToolOutput } from "./tool-output.ts";
import { bound, readToolResult } from "./tool-output.ts";

/** Programs that are fetched from a registry first take their time. */
const START_TIMEOUT_MS = 60_000;
const LIST_TIMEOUT_MS = 15_000;
const PAGE_LIMIT = 20;
/** A server that cannot be reached is not tried by every turn. */
const REST_AFTER_FAILURE_MS = 15_000;

export interface ServerTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly isReadOnly: boolean;
}

/** One server of tools, for all conversations of the app. Started when it is needed, and again when it has gone. */
export interface ToolServer {
  readonly config: McpServerConfig;
  /** Rejects with an Error in words when the server cannot be had. */
  list(): Promise<readonly ServerTool[]>;
  /** Never rejects for the tool's fault; rejects with the signal's reason. */
  call(name: string, input: object, signal: AbortSignal): Promise<ToolOutput>;
  close(): Promise<void>;
}

export interface ToolServerDeps {
  readonly logger: Pick<Logger, "warn">;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Definitions = Awaited<ReturnType<MCPClient["listTools"]>>;

interface Connection {
  readonly client: MCPClient;
  definitions: Definitions | undefined;
}

export function createToolServer(config: McpServerConfig, deps: ToolServerDeps): ToolServer {
  let connecting: Promise<Connection> | undefined;
  let restUntilMs = 0;
  let isClosed = false;
  let known: { readonly tools: readonly ServerTool[]; readonly json: string } | undefined;

  // Another turn may have met the same failure, and have begun anew: what is current by now stays.
  const forget = (which: Promise<Connection>) => {
    if (connecting === which) connecting = undefined;
  };
  const connect = () => {
    if (isClosed) throw new Error("The runner is shutting down.");
    if (connecting === undefined && performance.now() < restUntilMs)
      throw new Error(`The tool server "${config.name}" could not be reached a moment ago.`);
    if (connecting !== undefined) return connecting;
    const opening: Promise<Connection> = openClient(config, deps, () => forget(opening)).then(
      (client) => ({ client, definitions: undefined }),
      (error: unknown) => {
        forget(opening);
        restUntilMs = performance.now() + REST_AFTER_FAILURE_MS;
        throw new Error(`The tool server "${config.name}" ${howToMend(config)}`, { cause: error });
      },
    );
    connecting = opening;
    return opening;
  };
  const listOnce = async () => {
    const opening = connect();
    const connection = await opening;
    try {
      connection.definitions = await listAll(connection.client);
      return connection.definitions;
    } catch (error) {
      forget(opening);
      connection.client.close().catch(() => undefined);
      throw new Error(`The tool server "${config.name}" does not list its tools.`, { cause: error });
    }
  };

  return {
    config,
    async list() {
      // A server may have gone, or forgotten our session, since it was last used.
      const wasConnected = connecting !== undefined;
      const { tools } = await listOnce().catch((error: unknown) => {
        if (!wasConnected) throw error;
        return listOnce();
      });
      // Turns share what is the same: the schemas of many tools are large, and a turn holds them to its end.
      const read = tools.map(readTool);
      const json = JSON.stringify(read);
      if (known?.json !== json) known = { tools: read, json };
      return known.tools;
    },
    async call(name, input, signal) {
      const timeout = AbortSignal.timeout(config.timeoutMs);
      try {
        const connection = await connect();
        connection.definitions ??= await listAll(connection.client);
        const tool = connection.client.toolsFromDefinitions(connection.definitions)[name];
        if (tool === undefined) return { output: `There is no tool ${name} any more.`, failed: true };
        const options = { toolCallId: name, messages: [], abortSignal: AbortSignal.any([signal, timeout]) };
        return readToolResult(await readOnly(tool.execute(input, options)));
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted)
          return {
            output: `No result within ${config.timeoutMs / 1000} s; it may still come to pass.`,
            failed: true,
          };
        return { output: bound(wordsOf(error)), failed: true };
      }
    },
    async close() {
      isClosed = true;
      const connection = await connecting?.catch(() => undefined);
      await connection?.client.close().catch(() => undefined);
    },
  };
}

async function openClient(
  config: McpServerConfig,
  { env, logger }: ToolServerDeps,
  onGone: () => void,
): Promise<MCPClient> {
  // What it prints is about itself, and may be a key that it was given.
  const mask = createMaskText("command" in config ? config.env.flatMap((name) => env[name] ?? []) : []);
  const transport =
    "command" in config
      ? createStdioTransport({
          command: config.command,
          env: childEnv(env, config.env),
          onDeath: (end) => {
            const stderr = mask(end.stderr);
            logger.warn({ server: config.name, ...end, stderr }, "a tool server ended by itself");
            onGone();
          },
        })
      : { type: "http" as const, url: config.url, headers: config.headers, redirect: "error" as const };
  return createMCPClient({
    transport,
    clientName: "wecom-agent-gateway",
    initializationOptions: { timeout: START_TIMEOUT_MS },
    // Notifications, which it does not know what to do with; a request that fails says so itself.
    onUncaughtError: () => undefined,
  });
}

async function listAll(client: MCPClient): Promise<Definitions> {
  const options = { timeout: LIST_TIMEOUT_MS };
  const first = await client.listTools({ options });
  const tools = [...first.tools];
  let cursor = first.nextCursor;
  for (let page = 1; cursor !== undefined && page < PAGE_LIMIT; page += 1) {
    const next = await client.listTools({ params: { cursor }, options });
    tools.push(...next.tools);
    cursor = next.nextCursor;
  }
  return { ...first, tools };
}

function readTool({
  name,
  title,
  description,
  inputSchema,
  annotations,
}: Definitions["tools"][number]): ServerTool {
  return {
    name,
    title: title ?? annotations?.title ?? name,
    description: description ?? "",
    inputSchema,
    isReadOnly: annotations?.readOnlyHint === true,
  };
}

/** A tool may also give its result bit by bit; ours do not. */
async function readOnly<Value>(result: Value | PromiseLike<Value> | AsyncIterable<Value>): Promise<Value> {
  if (typeof result === "object" && result !== null && Symbol.asyncIterator in result) {
    let last: Value | undefined;
    for await (const value of result as AsyncIterable<Value>) last = value;
    return last as Value;
  }
  return result as Value;
}

function howToMend(config: McpServerConfig): string {
  return "command" in config
    ? `could not be started: does "${config.command[0]}" run by itself, and is it an MCP server on stdio?`
    : "could not be reached: is its url that of an MCP server (Streamable HTTP), and are its headers right?";
}

function wordsOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : "The tool failed.";
}
