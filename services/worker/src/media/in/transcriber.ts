import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

/** An endpoint that takes speech and answers text, in the way of OpenAI's /v1/audio/transcriptions. */
export interface TranscriberSettings {
  readonly url: string;
  readonly apiKey?: string;
  readonly model: string;
}

/** Resolves with what was said; rejects with a TranscribeError. */
export type Transcribe = (
  voice: { readonly path: string; readonly name: string; readonly mime: string },
  signal: AbortSignal,
) => Promise<string>;

/** Neither what was said nor the endpoint's address is in it. */
export class TranscribeError extends Error {
  override readonly name = "TranscribeError";
}

const TRIES = 3;
const PAUSE_MS = 1000;
const TIMEOUT_MS = 60_000;
const ANSWER_LIMIT_BYTES = 256 * 1024;
const TEXT_LIMIT_CHARS = 10_000;
const answerSchema = z.object({ text: z.string() });

export function createTranscriber(settings: TranscriberSettings, pauseMs = PAUSE_MS): Transcribe {
  return async (voice, signal) => {
    const content = await readFile(voice.path);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await transcribeOnce(settings, { ...voice, content }, signal);
      } catch (error) {
        const failure = error instanceof TranscribeError ? error : new PassingError(reasonOf(error));
        if (!(failure instanceof PassingError) || attempt === TRIES || signal.aborted) throw failure;
        await delay(pauseMs * attempt, undefined, { signal }).catch(() => undefined);
      }
    }
  };
}

/** Asking again may help. */
class PassingError extends TranscribeError {}

async function transcribeOnce(
  { url, apiKey, model }: TranscriberSettings,
  voice: { readonly content: Buffer; readonly name: string; readonly mime: string },
  signal: AbortSignal,
): Promise<string> {
  const form = new FormData();
  form.set("model", model);
  form.set("file", new Blob([new Uint8Array(voice.content)], { type: voice.mime }), voice.name);
  const response = await fetch(url, {
    method: "POST",
    body: form,
    redirect: "error",
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (!response.ok) {
    await response.body?.cancel();
    const what = `the transcription endpoint answered HTTP ${response.status}`;
    throw response.status === 429 || response.status >= 500
      ? new PassingError(what)
      : new TranscribeError(what);
  }
  const answer = answerSchema.safeParse(parse(await readText(response)));
  if (!answer.success)
    throw new TranscribeError("the transcription endpoint's answer is not JSON with a text");
  const text = answer.data.text.trim().slice(0, TEXT_LIMIT_CHARS).toWellFormed();
  if (text === "") throw new TranscribeError("the transcription is empty");
  return text;
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.length;
    if (sizeBytes > ANSWER_LIMIT_BYTES) throw new TranscribeError("the transcription is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return `the transcription endpoint could not be reached ${code}`.trimEnd();
}
