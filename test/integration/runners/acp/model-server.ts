import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ModelServer {
  readonly url: string;
  /** What the person said, of each request, oldest first. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** As much of a request as is looked at. */
interface ModelRequest {
  readonly input: readonly Item[];
  readonly tools?: readonly { readonly name?: string }[];
}

interface Item {
  readonly type?: string;
  readonly role?: string;
  readonly content?: string | readonly { readonly text?: string }[];
  readonly output?: unknown;
}

/**
 * A model behind the Responses wire that does what the last message says: `run COMMAND` calls the shell, `hold` streams and
 * stops, `status N` answers with that, `stall` never answers, `cut` breaks off in the middle; everything else is
 * answered.
 */
export async function startModelServer(): Promise<ModelServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, asked).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, asked: string[]): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (!request.url?.endsWith("/responses")) return void response.writeHead(404).end("{}");
  const { input, tools = [] }: ModelRequest = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const said = textOf(input.findLast(({ role }) => role === "user")?.content).trim();
  asked.push(said);
  const send = (event: Record<string, unknown>) =>
    void response.write(`event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`);
  const status = /^status (\d+)/.exec(said)?.[1];
  if (status !== undefined) {
    response.writeHead(Number(status), { "content-type": "application/json" });
    return void response.end(JSON.stringify({ error: { message: "scripted", type: "server_error" } }));
  }
  if (said === "stall") return;
  response.writeHead(200, { "content-type": "text/event-stream" });
  send({ type: "response.created", response: { id: "r1" } });
  const isToolDone = input.at(-1)?.type === "function_call_output";
  if (said.startsWith("run ") && !isToolDone) {
    const item = {
      type: "function_call",
      id: "fc1",
      call_id: `c${asked.length}`,
      ...shellCall(tools, said.slice(4)),
    };
    send({ type: "response.output_item.done", output_index: 0, item });
    return finish(send, response);
  }
  const text = isToolDone
    ? `it said ${JSON.stringify(input.at(-1)?.output)}`
    : `model: ${said.split("\n")[0]}`;
  send({
    type: "response.output_item.added",
    output_index: 0,
    item: { type: "message", role: "assistant", id: "m1", content: [] },
  });
  for (const delta of text.match(/.{1,8}/gs) ?? []) {
    send({ type: "response.output_text.delta", item_id: "m1", output_index: 0, content_index: 0, delta });
    if (said === "hold") return;
    if (said === "cut") return void setTimeout(() => response.destroy(), 100);
  }
  const content = [{ type: "output_text", text }];
  send({
    type: "response.output_item.done",
    output_index: 0,
    item: { type: "message", role: "assistant", id: "m1", content },
  });
  finish(send, response);
}

function finish(send: (event: Record<string, unknown>) => void, response: ServerResponse): void {
  const usage = {
    input_tokens: 1,
    input_tokens_details: null,
    output_tokens: 1,
    output_tokens_details: null,
    total_tokens: 2,
  };
  send({ type: "response.completed", response: { id: "r1", usage } });
  response.end();
}

/** Agents of different ages call their shell differently. */
function shellCall(tools: readonly { readonly name?: string }[], command: string) {
  const offers = (name: string) => tools.some((tool) => tool.name === name);
  if (offers("exec_command")) return { name: "exec_command", arguments: JSON.stringify({ cmd: command }) };
  if (offers("shell_command")) return { name: "shell_command", arguments: JSON.stringify({ command }) };
  return { name: "shell", arguments: JSON.stringify({ command: ["bash", "-lc", command] }) };
}

function textOf(content: Item["content"] = ""): string {
  return typeof content === "string" ? content : (content.at(-1)?.text ?? "");
}
