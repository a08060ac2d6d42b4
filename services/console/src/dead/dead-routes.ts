import type { DeadLetters, Timelines } from "@gateway/conversation";
import type { Request, RequestHandler, Response } from "express";
import { Router } from "express";
import { z } from "zod";
import type { AuditLog } from "../audit/audit-log.ts";
import { sessionOf } from "../auth/require-session.ts";
import { languageOf } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import { renderDeadPage, renderGonePage } from "../pages/dead-page.ts";
import { renderDropPage } from "../pages/drop-page.ts";
import type { DeadOutcome } from "./dead-outcome.ts";
import { readOutcome, writeOutcome } from "./dead-outcome.ts";

const PAGE_SIZE = 50;

interface Deps {
  readonly deadLetters: DeadLetters;
  readonly timelines: Pick<Timelines, "apps">;
  readonly auditLog: AuditLog;
}

const id = z.string().min(1).max(600);
const selection = z.object({
  id: z
    .union([id, z.array(id).max(200)])
    .transform((ids) => (typeof ids === "string" ? [ids] : [...new Set(ids)]))
    .prefault([]),
  confirm: z.string().optional(),
});
const offset = z.coerce.number().int().min(0).max(1_000_000).catch(0);

/** `/dead`: what waits for a person's decision, and the decision. */
export function createDeadRoutes(deps: Deps): Router {
  const router = Router();
  router.get("/dead", (req, res) => list(req, res, deps));
  router.get("/dead/:id", showOne(deps));
  router.post("/dead/replay", (req, res) => replay(req, res, deps));
  router.post("/dead/drop", (req, res) => drop(req, res, deps));
  return router;
}

async function list(req: Request, res: Response, deps: Deps): Promise<void> {
  const page = { offset: offset.parse(req.query.offset ?? 0), limit: PAGE_SIZE };
  const [found, apps] = await Promise.all([deps.deadLetters.list(page), deps.timelines.apps()]);
  const view = { language: languageOf(req), operator: sessionOf(res), path: "/dead" };
  const outcome = readOutcome(req.query);
  res.type("html").send(renderDeadPage({ ...view, ...found, page, apps, outcome }));
}

function showOne(deps: Deps): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const [letter, apps] = await Promise.all([deps.deadLetters.read(req.params.id), deps.timelines.apps()]);
    const path = `/dead/${encodeURIComponent(req.params.id)}`;
    const view = { language: languageOf(req), operator: sessionOf(res), path };
    if (letter === undefined) {
      res.status(404).type("html").send(renderGonePage(view));
      return;
    }
    const one = { letters: [letter], total: 1, page: { offset: 0, limit: 1 }, outcome: undefined };
    res.type("html").send(renderDeadPage({ ...view, ...one, apps }));
  };
}

async function replay(req: Request, res: Response, deps: Deps): Promise<void> {
  const { user } = sessionOf(res);
  const kept: DeadOutcome["kept"][number][] = [];
  let replayed = 0;
  for (const deadId of readSelection(req).id) {
    const result = await deps.deadLetters.replay(deadId, user);
    const as = result.status === "replayed" ? result.as : undefined;
    deps.auditLog.write(req, "dead_replay", user, { deadId, status: result.status, as });
    if (result.status === "replayed") replayed += 1;
    else kept.push(result.status);
  }
  res.redirect(303, `/dead?${writeOutcome({ done: "replayed", count: replayed, kept })}`);
}

/** Without `confirm` nothing is dropped: the answer is the question. */
async function drop(req: Request, res: Response, deps: Deps): Promise<void> {
  const { id: ids, confirm } = readSelection(req);
  const operator = sessionOf(res);
  if (ids.length > 0 && confirm !== "yes") {
    const found = await Promise.all(ids.map((deadId) => deps.deadLetters.read(deadId)));
    const letters = found.filter((letter) => letter !== undefined);
    const language = languageOf(req);
    res
      .type("html")
      .send(renderDropPage({ language, operator, letters, title: textsOf(language).deadLetters }));
    return;
  }
  let dropped = 0;
  for (const deadId of ids) {
    const isDropped = await deps.deadLetters.drop(deadId, operator.user);
    if (isDropped) dropped += 1;
    const status = isDropped ? "dropped" : "gone";
    deps.auditLog.write(req, "dead_drop", operator.user, { deadId, status });
  }
  res.redirect(303, `/dead?${writeOutcome({ done: "dropped", count: dropped, kept: [] })}`);
}

function readSelection(req: Request): z.output<typeof selection> {
  return selection.safeParse(req.body).data ?? { id: [] };
}
