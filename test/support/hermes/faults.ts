import type { IncomingMessage, ServerResponse } from "node:http";

/** What goes wrong with requests, as often as `times` says. */
export interface Fault {
  /** Like "POST /v1/runs": the beginning of the method and path, whole with a "$" at the end. */
  readonly on: string;
  /** Default 1. */
  readonly times?: number;
  /** The server does its work before the fault: only its answer is lost. */
  readonly afterWork?: boolean;
  readonly how:
    | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
    /** The connection breaks without an answer. */
    | "reset"
    /** The headers and the beginning of the body, then the connection breaks. */
    | "cut"
    /** Nothing comes. */
    | "stall";
}

/** The faults that are still to come. */
export function createFaults() {
  const armed: { fault: Fault; left: number }[] = [];
  return {
    arm(fault: Fault): void {
      armed.push({ fault, left: fault.times ?? 1 });
    },
    clear(): void {
      armed.splice(0);
    },
    take({ method, url }: Pick<IncomingMessage, "method" | "url">): Fault | undefined {
      const request = `${method} ${url}`;
      const found = armed.find(({ fault: { on }, left }) =>
        left > 0 && on.endsWith("$") ? request === on.slice(0, -1) : left > 0 && request.startsWith(on),
      );
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.fault;
    },
  };
}

export function commit({ how }: Fault, response: ServerResponse): void {
  if (how === "stall") return;
  if (how === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if (how === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
    response.write('{"object":"hermes.run","run_id":"run_');
    setImmediate(() => response.socket?.destroy());
    return;
  }
  response.writeHead(how.status, { "content-type": "text/html", ...how.headers });
  response.end(how.body ?? "<html><body><h1>Bad Gateway</h1></body></html>");
}
