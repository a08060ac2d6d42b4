import type { Keys, Timelines, TurnControl } from "@gateway/conversation";
import type { AccessRegistry } from "@gateway/conversation/access";
import type { Request, RequestHandler, Response } from "express";
import { Router } from "express";
import type { Redis } from "ioredis";
import type { z } from "zod";
import type { AuditLog } from "../audit/audit-log.ts";
import { sessionOf } from "../auth/require-session.ts";
import { languageOf } from "../i18n/language.ts";
import { renderAccessPage, renderPeople } from "../pages/access-page.ts";
import type { AccessNotice } from "./access-forms.ts";
import {
  admitDraft,
  admitForm,
  approveForm,
  doneAddress,
  readDone,
  readFind,
  revokeForm,
} from "./access-forms.ts";
import type { AccessOutcome } from "./decide-access.ts";
import { createAccessDecisions } from "./decide-access.ts";
import type { ConsoleAppConfig } from "./read-access.ts";
import { readAccess } from "./read-access.ts";

export interface AccessDeps {
  readonly accessRegistry: AccessRegistry;
  readonly turnControl: TurnControl;
  readonly timelines: Pick<Timelines, "append">;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly apps: () => readonly ConsoleAppConfig[];
  readonly auditLog: AuditLog;
  readonly now: () => number;
}

/** `/access`: who may talk to the apps beside their configured lists, and who asks to. */
export function createAccessRoutes(deps: AccessDeps): Router {
  const { approve, admit, revoke } = createAccessDecisions(deps);

  const router = Router();
  router.get("/access", async (req, res) => show(req, res, deps, { notice: await whatWasDone(req, deps) }));
  // The part of the page that is fetched again every few seconds.
  router.get("/access/people", async (req, res) => {
    const view = { language: languageOf(req), operator: sessionOf(res), ...(await readPeople(req, deps)) };
    res.type("html").send(renderPeople(view).toString());
  });
  const post = <Form extends { app: string; user: string }>(
    action: "approve" | "admit" | "revoke",
    form: z.ZodType<Form>,
    carryOut: CarryOut<Form>,
  ) => router.post(`/access/${action}`, decide(deps, { action, form, carryOut }));
  post("approve", approveForm, (app, { code, user }, operator) =>
    approve(app, { code, userId: user }, operator),
  );
  post("admit", admitForm, (app, { user }, operator) => admit(app, user, operator));
  post("revoke", revokeForm, (app, { user }) => revoke(app, user));
  return router;
}

type CarryOut<Form> = (app: ConsoleAppConfig, form: Form, operator: string) => Promise<AccessOutcome>;

/** Carries a decision out and writes down who decided what about whom. No code is written down. */
function decide<Form extends { app: string; user: string }>(
  deps: AccessDeps,
  { action, form, carryOut }: { action: string; form: z.ZodType<Form>; carryOut: CarryOut<Form> },
): RequestHandler {
  return async (req, res) => {
    const read = form.safeParse(req.body);
    if (!read.success) {
      const draft = admitDraft.parse(req.body ?? {});
      const notice = { kind: "badUserId", app: draft.app, userId: draft.user, droppedMessages: 0 } as const;
      return show(req, res, deps, { status: 400, notice });
    }
    const { app: appName, user: userId } = read.data;
    const operator = sessionOf(res).user;
    const app = deps.apps().find(({ name }) => name === appName);
    const outcome = app === undefined ? undefined : await carryOut(app, read.data, operator);
    const { kind = "unknownApp", droppedMessages = 0 } = outcome ?? {};
    const details = { action, app: appName, userId, outcome: kind, droppedMessages };
    deps.auditLog.write(req, "access", operator, details);
    const notice: AccessNotice = { kind, app: appName, userId, droppedMessages };
    if (isDone(kind)) return res.redirect(303, doneAddress(notice));
    return show(req, res, deps, { status: 409, notice });
  };
}

function isDone(kind: AccessNotice["kind"]): boolean {
  return kind === "approved" || kind === "admitted" || kind === "revoked" || kind === "stillListed";
}

/** What the address says was done, unless it is not so: anybody can write an address. */
async function whatWasDone(req: Request, deps: AccessDeps): Promise<AccessNotice | undefined> {
  const done = readDone(req.query);
  const app = deps.apps().find(({ name }) => name === done?.app);
  if (done === undefined || app === undefined) return undefined;
  const isIn = done.kind === "approved" || done.kind === "admitted";
  return (await deps.accessRegistry.isApproved(app, done.userId)) === isIn ? done : undefined;
}

async function show(
  req: Request,
  res: Response,
  deps: AccessDeps,
  { status = 200, notice }: { status?: number; notice?: AccessNotice | undefined },
): Promise<void> {
  const page = { language: languageOf(req), operator: sessionOf(res), ...(await readPeople(req, deps)) };
  res
    .status(status)
    .type("html")
    .send(renderAccessPage({ ...page, notice }));
}

async function readPeople(req: Request, deps: AccessDeps) {
  const find = readFind(req.query);
  return { find, nowMs: deps.now(), access: await readAccess(deps, find) };
}
