import type { Keys, Outbox, Timeline, Timelines } from "@gateway/conversation";
import { QUEUE_NAMES } from "@gateway/conversation";
import type { Queue } from "bullmq";
import type { Request, RequestHandler, Response } from "express";
import { Router } from "express";
import type { Redis } from "ioredis";
import type { AuditLog } from "../audit/audit-log.ts";
import { sessionOf } from "../auth/require-session.ts";
import { languageOf } from "../i18n/language.ts";
import { renderMessagesPage } from "../pages/messages-page.ts";
import { renderTimeline, renderTimelinePage } from "../pages/timeline-page.ts";
import { readContent } from "./read-content.ts";
import { epochMs, PAGE_SIZE, readAppId, readSearch } from "./read-search.ts";
import { waitingTimeline } from "./waiting-timeline.ts";

export interface TimelineDeps {
  readonly timelines: Timelines;
  readonly outbox: Outbox;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queues: readonly Queue[];
  readonly showContent: boolean;
  readonly auditLog: AuditLog;
}

/** `/messages`: what became of every message. */
export function createTimelineRoutes(deps: TimelineDeps): Router {
  const router = Router();
  router.get("/messages", (req, res) => listMessages(req, res, deps));
  router.get(
    "/messages/:id",
    showMessage(deps, (req, res, timeline, content) => {
      const view = { language: languageOf(req), operator: sessionOf(res), timeline, content };
      const status = timeline.events.length === 0 ? 404 : 200;
      res
        .status(status)
        .type("html")
        .send(renderTimelinePage({ ...view, showsContent: deps.showContent }));
    }),
  );
  // The part of the page that is fetched again while the message is under way.
  router.get(
    "/messages/:id/timeline",
    showMessage(deps, (req, res, timeline, content) => {
      const view = { language: languageOf(req), timeline, content, showsContent: deps.showContent };
      res.type("html").send(renderTimeline(view).toString());
    }),
  );
  return router;
}

async function listMessages(req: Request, res: Response, deps: TimelineDeps): Promise<void> {
  const search = readSearch(req.query);
  if (search.id !== undefined) return res.redirect(303, `/messages/${encodeURIComponent(search.id)}`);
  const offset = search.offset ?? 0;
  const [found, apps] = await Promise.all([
    deps.timelines.search({
      user: search.user,
      app: readAppId(search.app),
      fromMs: epochMs(search.from, search.zone),
      toMs: epochMs(search.to, search.zone, true),
      offset,
      // One more than is shown says whether there are older ones.
      limit: PAGE_SIZE + 1,
    }),
    deps.timelines.apps(),
  ]);
  const view = { language: languageOf(req), operator: sessionOf(res), search, offset, apps };
  const page = { timelines: found.slice(0, PAGE_SIZE), hasOlder: found.length > PAGE_SIZE };
  res.type("html").send(renderMessagesPage({ ...view, ...page }));
}

type Show = (
  req: Request,
  res: Response,
  timeline: Timeline,
  content: Awaited<ReturnType<typeof readContent>> | undefined,
) => void;

function showMessage(deps: TimelineDeps, show: Show): RequestHandler<{ id: string }> {
  const inbound = deps.queues.find(({ name }) => name === QUEUE_NAMES.inbound);
  return async (req, res) => {
    const { id } = req.params;
    const known = await deps.timelines.read(id);
    const timeline = known.events.length > 0 ? known : await waitingTimeline(id, inbound);
    const isShown = deps.showContent && timeline.events.length > 0;
    const content = isShown ? await readContent(timeline, deps) : undefined;
    if (isShown && !req.path.endsWith("/timeline")) {
      deps.auditLog.write(req as Request, "content_viewed", sessionOf(res).user, { messageId: id });
    }
    show(req as Request, res, timeline, content);
  };
}
