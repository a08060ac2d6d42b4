import { inspect } from "node:util";
import type { WecomLogger } from "@gateway/wecom-client";
import { expect } from "@jest/globals";

/** What must never be seen outside of a request. */
export const CANARY = {
  secret: "CANARYsecret-0123456789abcdefghijklmnopqrstuvw",
  token: "CANARYtoken_0123456789-abcdefghijklmnopqrstuvwxyzABCDEFG",
  content: "CANARYcontent",
  proxyPassword: "CANARYproxy",
};

/** Every way an error or a log line gets printed. */
function printouts(thing: unknown): string[] {
  const texts = [String(thing), inspect(thing, { depth: 20, showHidden: true }), `${JSON.stringify(thing)}`];
  for (let error = thing; error instanceof Error; error = error.cause) {
    texts.push(error.message, error.stack ?? "", JSON.stringify(Object.getOwnPropertyDescriptors(error)));
  }
  return texts;
}

export function expectNoCanary(...things: unknown[]): void {
  for (const text of things.flatMap(printouts)) expect(text).not.toMatch(/CANARY/i);
}

export function recordingLogger(): WecomLogger & { readonly lines: unknown[] } {
  const lines: unknown[] = [];
  const log = (fields: object, message: string) => void lines.push({ ...fields, message });
  return { lines, debug: log, info: log, warn: log, error: log };
}
