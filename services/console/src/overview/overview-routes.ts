import { Router } from "express";
import { sessionOf } from "../auth/require-session.ts";
import { languageOf } from "../i18n/language.ts";
import { renderOverview, renderOverviewPage } from "../pages/overview-page.ts";
import type { OverviewDeps } from "./read-overview.ts";
import { readOverview } from "./read-overview.ts";

/** The first page, and the part of it that the page fetches again while it is open. */
export function createOverviewRoutes(deps: OverviewDeps & { showContent: boolean }): Router {
  const router = Router();
  router.get("/", async (req, res) => {
    const overview = await readOverview(deps);
    const page = renderOverviewPage({
      language: languageOf(req),
      operator: sessionOf(res),
      overview,
      showsContent: deps.showContent,
    });
    res.type("html").send(page);
  });
  router.get("/overview", async (req, res) => {
    res
      .type("html")
      .send(renderOverview(await readOverview(deps), languageOf(req), deps.showContent).toString());
  });
  return router;
}
