import { AsyncLocalStorage } from "node:async_hooks";
import type { Acceptor } from "@gateway/conversation";
import type { Span, Tracer } from "@gateway/service-kit";
import type { RequestHandler } from "./http/receive-callback.ts";
import type { ObserveOutcome } from "./observation.ts";
import { outcomeCode } from "./observation.ts";

export interface IngressTracing {
  /** A span for each callback. Every callback begins a trace: what a stranger sends along is not believed. */
  receive(handler: RequestHandler): RequestHandler;
  /** A span for each try to store a message; the message carries it to the worker. */
  acceptor<Own extends Pick<Acceptor, "accept">>(acceptor: Own): Own;
  readonly observe: ObserveOutcome;
}

export function createIngressTracing(tracer: Tracer): IngressTracing {
  const callbacks = new AsyncLocalStorage<Span>();
  return {
    receive: (handler) => async (request, response) => {
      const span = tracer.start("callback", { kind: "server" });
      await callbacks.run(span, () => handler(request, response)).finally(() => span.end());
    },
    acceptor: (acceptor) => ({
      ...acceptor,
      async accept(message) {
        const attributes = { "gateway.message.id": message.id, "gateway.app": message.appName };
        const span = tracer.start("accept", { parent: callbacks.getStore()?.traceparent, attributes });
        try {
          const status = await acceptor.accept({ ...message, traceparent: span.traceparent });
          span.set({ "gateway.outcome": status });
          span.end();
          return status;
        } catch (error) {
          span.end("not_stored");
          throw error;
        }
      },
    }),
    observe({ outcome }) {
      callbacks.getStore()?.set({
        "gateway.app": outcome.app,
        "gateway.message.id": outcome.messageId,
        "gateway.message.kind": outcome.messageKind,
        "gateway.outcome": outcome.kind,
        "gateway.code": outcomeCode(outcome),
      });
    },
  };
}
