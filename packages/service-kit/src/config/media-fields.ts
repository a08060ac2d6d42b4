import { z } from "zod";
import { isUrl, list, matching, wholeNumber } from "./fields.ts";

/*
 * Settings of files and voices; see fields.ts.
 */

const DIRECTORY = /^\/[^\p{Cc},]{1,4095}$/u;

export const directory = matching(DIRECTORY, "Needs the absolute path of a directory, and not /.");

export const directoryList = list(
  DIRECTORY,
  "Needs absolute paths of directories separated by commas, and not /.",
);

export const keepDays = wholeNumber(1, 365, "days that files of messages and replies are kept");

export const chunkCount = wholeNumber(
  0,
  1000,
  "the number of messages beyond which a reply goes as a file, 0 for never",
);

const URL_MEND = "Needs the whole address like https://api.openai.com/v1/audio/transcriptions.";
export const transcribeUrl = z
  .string({ error: URL_MEND })
  .refine((value) => isUrl(value, ["http:", "https:"]) && !/[#@]/.test(value), URL_MEND);

export const transcribeApiKey = matching(/^[\x21-\x7e]{1,1024}$/, "Needs the key alone, without blanks.");

export const transcribeModel = matching(/^[^\s\p{Cc}]{1,128}$/u, "Needs the name of a model like whisper-1.");
