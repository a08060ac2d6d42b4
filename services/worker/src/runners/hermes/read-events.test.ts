import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cutBytes, cutSizes, eventStream, mostly } from "../../testing/hostile-stream.ts";
import type { RunEvent } from "./messages.ts";
import { hasEnded, statusSchema } from "./messages.ts";
import { readEvents } from "./read-events.ts";
import { watchEvents } from "./watch-events.ts";

function streamOf(parts: readonly Buffer[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new Uint8Array(part));
      controller.close();
    },
  });
}

async function read(parts: readonly Buffer[]): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of readEvents(streamOf(parts), new AbortController().signal)) events.push(event);
  return events;
}

const names = fc.constantFrom(
  "tool.started",
  "tool.completed",
  "run.failed",
  "run.completed",
  "subagent.start",
  "approval.request",
  "",
);
const words = fc.constantFrom("ls -l", "字".repeat(100), "a\nb", "😀".repeat(50), "");
const runEvent = fc.record(
  { event: mostly(names), tool: mostly(words), preview: mostly(words), goal: mostly(words) },
  { requiredKeys: ["event"] },
);
const stream = eventStream(runEvent, 'data: {"event":"run.completed"}');

describe("events of a Hermes run, whatever the stream holds", () => {
  it("are the same wherever the network cuts", async () => {
    await fc.assert(
      fc.asyncProperty(stream, cutSizes, async (bytes, sizes) => {
        expect(await read(cutBytes(bytes, sizes))).toEqual(await read([bytes]));
      }),
    );
  });

  it("become short signs of life, and an end that is noticed", async () => {
    await fc.assert(
      fc.asyncProperty(stream, cutSizes, async (bytes, sizes) => {
        const titles: string[] = [];
        let news = 0;
        const emit = (event: { readonly type: string; readonly title?: string }) =>
          void titles.push(event.title ?? "");
        const events = readEvents(streamOf(cutBytes(bytes, sizes)), new AbortController().signal);
        const watched = await new Promise<ReturnType<typeof watchEvents>>((resolve) => {
          const watching = watchEvents(events, {
            io: { emit },
            now: Date.now,
            onNews: () => {
              news += 1;
              if (!watching.isOpen()) resolve(watching);
            },
          });
        });
        expect([watched.isOpen(), news > 0]).toEqual([false, true]);
        for (const title of titles)
          expect([title.length <= 80, title.isWellFormed(), /[\r\n]/.test(title)]).toEqual([
            true,
            true,
            false,
          ]);
      }),
    );
  });
});

it("a status of any form is read or refused, and what is read is of the right types", () => {
  const field = mostly(fc.constantFrom("completed", "failed", "running", "words"));
  const approval = mostly(
    fc.record({ request_id: field, command: field, tool: field }, { requiredKeys: [] }),
  );
  const status = fc.record(
    {
      status: field,
      output: field,
      error: field,
      pending_steer: field,
      last_event: field,
      updated_at: mostly(fc.nat()),
      approval,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(mostly(status), (said) => {
      const parsed = statusSchema.safeParse(JSON.parse(JSON.stringify(said) ?? "null"));
      if (!parsed.success) return;
      const { output, error, pending_steer: pending } = parsed.data;
      expect(typeof hasEnded(parsed.data)).toBe("boolean");
      for (const one of [output, error, pending]) expect(["string", "undefined"]).toContain(typeof one);
    }),
  );
});
