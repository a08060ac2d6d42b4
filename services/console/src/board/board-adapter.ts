import type { AppViewRoute, ControllerHandlerReturnType } from "@bull-board/api/typings/app";
import { ExpressAdapter } from "@bull-board/express";
import type { NextFunction, Request, Response } from "express";
import { languageOf } from "../i18n/language.ts";

const EXTERNAL_STYLESHEET = /<link[^>]+href="https?:[^>]*>/gi;
const INLINE_STYLE = /<style>.*?<\/style>|\sstyle="[^"]*"/gis;
const OWN_STYLESHEET = '<link href="/assets/board.css" rel="stylesheet"></head>';
const BOARD_LANGUAGES = { en: "en-US", "zh-CN": "zh-CN" } as const;

/**
 * Bull Board on Express as this console needs it: the page in the operator's language and the console's colours,
 * nothing fetched from other hosts and no inline style (the Content-Security-Policy forbids both; Bull Board's
 * own theming is inline), and errors without their text.
 */
export class BoardAdapter extends ExpressAdapter {
  readonly #onError: (error: Error) => void;

  constructor(onError: (error: Error) => void) {
    super();
    this.#onError = onError;
    this.app.disable("x-powered-by").disable("etag");
  }

  /** Its files carry a hash or a version in their address, so a browser may keep them. */
  override setStaticPath(path: string, folder: string): this {
    this.app.use(path, (_req: Request, res: Response, next: NextFunction) => {
      res.set("Cache-Control", "private, max-age=86400");
      next();
    });
    super.setStaticPath(path, folder);
    return this;
  }

  override setEntryRoute(route: AppViewRoute): this {
    this.app.get(route.route, (req: Request, res: Response, next) => {
      const locale = { lng: BOARD_LANGUAGES[languageOf(req)] };
      const { name, params } = route.handler({
        basePath: this.basePath,
        uiConfig: { ...this.uiConfig, locale },
      });
      res.render(name, params, (error: Error | null, page: string) => {
        if (error !== null) return next(error);
        const local = page.replace(EXTERNAL_STYLESHEET, "").replace(INLINE_STYLE, "");
        res.type("html").send(local.replace("</head>", OWN_STYLESHEET));
      });
    });
    return this;
  }

  /** Bull Board answers with the error's message; ours may quote a job, so it goes to the log by name only. */
  override setErrorHandler(): this {
    return super.setErrorHandler((error): ControllerHandlerReturnType => {
      this.#onError(error);
      return { status: 500, body: { error: { key: "ERRORS.INTERNAL_SERVER_ERROR" } } };
    });
  }
}
