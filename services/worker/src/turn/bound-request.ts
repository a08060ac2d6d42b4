import type { MaskText } from "@gateway/service-kit";
import type { Texts } from "@gateway/texts";
import type { TurnIO } from "../runners/runner.ts";

/** What an agent asks the person to allow. */
export type Asked = Parameters<TurnIO["approve"]>[0];

const LIMIT_CHARS = { title: 200, detail: 1000, directory: 500 } as const;

/** The request as a person may see it: without secrets of the gateway's, and saying how much of it is left out. */
export function boundRequest(asked: Asked, mask: MaskText, texts: Pick<Texts, "approval">): Asked {
  const bounded = (text: string, limit: number) => {
    const shown = mask(text.toWellFormed());
    if (shown.length <= limit) return shown;
    return shown.slice(0, limit).toWellFormed() + texts.approval.cut({ count: shown.length - limit });
  };
  const { title, detail, directory } = asked;
  return {
    ...asked,
    title: bounded(title, LIMIT_CHARS.title),
    detail: bounded(detail, LIMIT_CHARS.detail),
    ...(directory === undefined ? {} : { directory: bounded(directory, LIMIT_CHARS.directory) }),
  };
}
