import { describeErrcode } from "@gateway/wecom-client";
import type { Language } from "../i18n/language.ts";
import { codeTexts } from "./code-texts.ts";
import { errcodeTextZh } from "./errcode-texts-zh.ts";

/** What a code of a run or a send means, and what to do about it. */
export interface CodeText {
  readonly cause: string;
  readonly remedy: string;
}

/** Undefined for a code that this release does not know. `api` is the call that was answered with it. */
export function describeCode(code: string, language: Language, api = "message/send"): CodeText | undefined {
  const own = Object.hasOwn(codeTexts, code) ? codeTexts[code]?.[language] : undefined;
  if (own !== undefined) return { cause: own[0], remedy: own[1] };
  const errcode = /^errcode_(-?\d{1,9})$/.exec(code)?.[1];
  if (errcode === undefined) return undefined;
  const { cause, remedy } = describeErrcode(Number(errcode), api);
  const translated = language === "zh-CN" ? errcodeTextZh(Number(errcode), api) : undefined;
  return translated === undefined
    ? { cause: sentence(cause), remedy }
    : { cause: translated[0], remedy: translated[1] };
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
