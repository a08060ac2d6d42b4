import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readAll } from "node:stream/consumers";
import type { Act } from "./contract/subject.ts";

export const AGENT_KEY = "key-of-the-agent-4711";

/** A turn as it was posted; see docs/agents.md. */
export interface PostedTurn {
  readonly headers: IncomingMessage["headers"];
  readonly raw: string;
  readonly turnId: string;
  readonly text: string;
  readonly sessionId: string;
  readonly instructions: string;
  readonly callbackUrl?: string;
  readonly history: readonly { readonly user: string; readonly assistant: string }[];
}

export type Behave = (turn: PostedTurn, response: ServerResponse) => void;

/** An agent behind HTTP in a real server. It plays the act in the first line of a message, or does as it is told. */
export async function startHttpAgent() {
  const turns: PostedTurn[] = [];
  const cancelled: string[] = [];
  const open = new Set<string>();
  const waiting = new Map<string, () => void>();
  const answers: number[] = [];
  let behave: Behave | undefined;

  /** Signed for this turn alone. */
  async function callBack(
    url: string,
    word: object | Buffer,
    { key = AGENT_KEY, at = Date.now() / 1000 }: { key?: string; at?: number } = {},
  ): Promise<Response> {
    const body = Buffer.isBuffer(word) ? word : Buffer.from(JSON.stringify(word));
    const timestamp = String(Math.floor(at));
    const token = url.slice(url.lastIndexOf("/") + 1);
    const hmac = createHmac("sha256", key).update(`${timestamp}.${token}.`).update(body).digest("hex");
    const headers = { "x-gateway-timestamp": timestamp, "x-gateway-signature": `v2=${hmac}` };
    const response = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
    answers.push(response.status);
    return response;
  }

  const server = createServer((request, response) => {
    void take(request, response).catch(() => response.destroy());
  });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const raw = await readAll(request);
    const body = JSON.parse(raw) as PostedTurn;
    if (request.url === "/cancel") {
      cancelled.push(body.turnId);
      open.delete(body.turnId);
      return void response.writeHead(204).end();
    }
    const isKnown = turns.some(
      ({ headers }) => headers["idempotency-key"] === request.headers["idempotency-key"],
    );
    const turn = { ...body, raw, headers: request.headers };
    if (behave !== undefined) {
      turns.push(turn);
      return behave(turn, response);
    }
    if (turn.callbackUrl === undefined || !isKnown) turns.push(turn);
    if (turn.callbackUrl === undefined) return playInResponse(turn, response);
    if (!isKnown) open.add(turn.turnId);
    response.writeHead(202).end(JSON.stringify({ cancelUrl: "/cancel" }));
    if (!isKnown) await playByCallback(turn, turn.callbackUrl);
  }

  function playInResponse(turn: PostedTurn, response: ServerResponse): void {
    const act = actOf(turn);
    open.add(turn.turnId);
    response.once("close", () => open.delete(turn.turnId));
    const answer = (value: object) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    const stream = () => response.writeHead(200, { "content-type": "text/event-stream" });
    if (act.do === "wait") {
      waiting.set(act.id, () => answer({ text: act.text }));
    } else if (act.do === "progress") {
      stream();
      for (const title of act.titles) response.write(event({ type: "progress", title }));
      for (const text of act.text) response.write(event({ type: "delta", text }));
      response.end(event({ type: "done" }));
    } else if (act.do === "die") {
      stream().write(event({ type: "delta", text: act.text }), () => response.destroy());
    } else if (act.do === "flood") {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => void (response.writable && response.write("x".repeat(1_000_000), more));
      more();
    } else if (act.do === "garbage") {
      response.writeHead(200).end(garbage(""));
    } else if (act.do !== "hang") answer(plainAnswer(act, turn));
  }

  async function playByCallback(turn: PostedTurn, url: string): Promise<void> {
    const act = actOf(turn);
    const end = async (word: object | Buffer) => {
      await callBack(url, word);
      open.delete(turn.turnId);
    };
    if (act.do === "hang") return;
    if (act.do === "wait") return void waiting.set(act.id, () => void end({ type: "done", text: act.text }));
    if (act.do === "progress")
      for (const title of act.titles) await callBack(url, { type: "progress", title });
    if (act.do === "garbage") return end(garbage('"type":"done",'));
    const answer = plainAnswer(act, turn);
    await end("error" in answer ? { type: "error", message: answer.error } : { type: "done", ...answer });
  }

  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/turns`,
    /** Instead of playing. */
    behave: (with_: Behave | undefined) => {
      behave = with_;
    },
    callBack,
    turns,
    cancelled,
    /** How its callbacks were answered. */
    answers,
    open,
    release: (id: string) => waiting.get(id)?.(),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type HttpAgent = Awaited<ReturnType<typeof startHttpAgent>>;

export const event = (word: object) => `data: ${JSON.stringify(word)}\n\n`;

function actOf(turn: PostedTurn): Act & { readonly id: string } {
  return JSON.parse(turn.text.split("\n", 1)[0] ?? "");
}

function plainAnswer(act: Act, turn: PostedTurn): { text: string } | { error: string } {
  if (act.do === "fail") return { error: act.why };
  if (act.do === "empty") return { text: " \n" };
  if (act.do === "recall") return { text: turn.history.map(({ user }) => user).join() || "nothing" };
  return { text: "text" in act ? act.text : "" };
}

function garbage(before: string): Buffer {
  return Buffer.concat([
    Buffer.from(`{${before}"text":"left`),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('right"}'),
  ]);
}
