import type { RequestHandler, Response } from "express";
import type { Change, ChangeFeed } from "../state/change-feed.ts";

const MAX_VIEWERS = 64;
const BEAT_MS = 15_000;
/** A viewer that does not read is cut off rather than buffered for; it reconnects and reads the lists anew. */
const MAX_BACKLOG_BYTES = 1 << 20;

/** `GET /_emulator/events`: one server-sent event per change. */
export function createEventStream(feed: ChangeFeed): RequestHandler {
  const viewers = new Set<Response>();
  return (_request, response) => {
    if (viewers.size >= MAX_VIEWERS) {
      response
        .status(503)
        .json({ error: "too_many_viewers", message: `${MAX_VIEWERS} viewers are connected already.` });
      return;
    }
    viewers.add(response);
    response.status(200).set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write("retry: 1000\n\n");
    const send = (change: Change) => {
      if (response.writableLength > MAX_BACKLOG_BYTES) response.destroy();
      else response.write(`data: ${JSON.stringify(change)}\n\n`);
    };
    const unsubscribe = feed.subscribe(send);
    const beat = setInterval(() => response.write(": still here\n\n"), BEAT_MS);
    beat.unref();
    response.on("close", () => {
      unsubscribe();
      clearInterval(beat);
      viewers.delete(response);
    });
  };
}
