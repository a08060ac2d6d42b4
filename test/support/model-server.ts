import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ModelMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: unknown;
  readonly tool_calls?: readonly { id: string; function: { name: string; arguments: string } }[];
  readonly tool_call_id?: string;
  readonly reasoning_content?: string;
}

/** A request for a chat completion, as it came. */
export interface ModelRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly { function: { name: string; description?: string } }[];
  readonly toolChoice: unknown;
  readonly model: string;
}

export interface Call {
  readonly name: string;
  /** An object, or the very text. */
  readonly args?: object | string;
}

/** What the model says, or what becomes of the request instead. */
export type ModelAnswer =
  | { readonly text: string; readonly finish?: string; readonly reasoning?: string }
  | { readonly calls: readonly Call[]; readonly text?: string; readonly reasoning?: string }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body: string }
  /** The test writes to the stream, and ends it or not. */
  | { readonly raw: (stream: ModelStream, response: ServerResponse) => void | Promise<void> };

export interface ModelStream {
  /** Begins the event stream, where that was not done. */
  open(): void;
  delta(delta: object, finish?: string): void;
  line(data: string | Buffer): void;
  end(): void;
}

export interface ModelServer {
  /** With /v1. */
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** Requests that are under way. */
  open(): number;
  close(): Promise<void>;
}

/** A server of OpenAI's chat completions (streamed) that says what the test says. */
export async function startModelServer(
  play: (request: ModelRequest, index: number) => ModelAnswer | Promise<ModelAnswer>,
): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  let open = 0;
  const server = createServer(async (incoming, response) => {
    open += 1;
    response.once("close", () => {
      open -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString() || "{}");
    const request: ModelRequest = {
      path: incoming.url ?? "",
      authorization: incoming.headers.authorization,
      messages: body.messages ?? [],
      tools: body.tools ?? [],
      toolChoice: body.tool_choice,
      model: body.model ?? "",
    };
    requests.push(request);
    await answer(await play(request, requests.length - 1), response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    open: () => open,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(said: ModelAnswer, response: ServerResponse): Promise<void> {
  if ("status" in said) return void response.writeHead(said.status, said.headers).end(said.body);
  const stream = createStream(response);
  if ("raw" in said) return said.raw(stream, response);
  stream.open();
  if (said.reasoning !== undefined) stream.delta({ reasoning_content: said.reasoning });
  // In pieces, as models do.
  for (const piece of (said.text ?? "").match(/[\s\S]{1,4000}/gu) ?? []) stream.delta({ content: piece });
  if ("calls" in said) {
    for (const [index, { name, args = {} }] of said.calls.entries()) {
      const text = typeof args === "string" ? args : JSON.stringify(args);
      const id = `chatcmpl-tool-${index}`;
      stream.delta({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] });
      stream.delta({ tool_calls: [{ index, function: { arguments: text } }] });
    }
    stream.delta({}, "tool_calls");
  } else stream.delta({}, said.finish ?? "stop");
  stream.end();
}

function createStream(response: ServerResponse): ModelStream {
  const open = () => {
    if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
  };
  const line = (data: string | Buffer) => {
    open();
    response.write(Buffer.concat([Buffer.from("data: "), Buffer.from(data), Buffer.from("\n\n")]));
  };
  return {
    open,
    line,
    delta(delta, finish) {
      const choice = { index: 0, delta, finish_reason: finish ?? null };
      line(
        JSON.stringify({
          id: "c",
          object: "chat.completion.chunk",
          created: 1,
          model: "m",
          choices: [choice],
        }),
      );
    },
    end() {
      line("[DONE]");
      response.end();
    },
  };
}

/** The text of a message, whichever way it is written. */
export function textOf(message: ModelMessage | undefined): string {
  const content = message?.content;
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: { text?: string }) => part.text ?? "").join("");
}
