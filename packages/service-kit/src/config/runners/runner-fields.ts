import { z } from "zod";
import * as field from "../fields.ts";
import { asCommand, splitCommand } from "../split-command.ts";
import { ACP_ISOLATIONS, ACP_PRESETS } from "./runner-config.ts";

/*
 * Settings of agent runners; see ../fields.ts. The file gives them in the `runner` section of an app, the
 * environment as AGENT_….
 */

const RUNNER_KINDS = ["demo", "command", "hermes", "openai", "acp", "http"] as const;

export const runnerKind = z.enum(RUNNER_KINDS, { error: `Needs one of: ${RUNNER_KINDS.join(", ")}.` });

const COMMAND_MEND =
  'Needs a program and its arguments: a list like ["python3", "agent.py"], or one line (quotes hold words together; there is no shell).';

export const command = z
  .union([field.text(32_768, COMMAND_MEND), z.array(z.string().max(32_768)).max(256)], {
    error: COMMAND_MEND,
  })
  .transform((value, context) => {
    const parsed = typeof value === "string" ? parseCommandLine(value) : asCommand(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: "custom", message: COMMAND_MEND, input: value });
    return z.NEVER;
  });

function parseCommandLine(line: string): [string, ...string[]] | undefined {
  if (!line.trimStart().startsWith("[")) return splitCommand(line);
  try {
    const words = z.array(z.string()).safeParse(JSON.parse(line));
    return words.success ? asCommand(words.data) : undefined;
  } catch {
    return undefined;
  }
}

export const output = z.enum(["text", "json"], { error: "Needs one of: text, json." });

export const timeoutSeconds = field.wholeNumber(1, 86_400, "seconds that one agent run may take");

export const agentUrl = z
  .string()
  .refine(
    (value) => field.isUrl(value, ["http:", "https:"]) && !/[?#@]/.test(value),
    "Needs the address of the agent's API like http://127.0.0.1:8642, without user, query or fragment.",
  )
  .transform((value) => value.replace(/\/+$/, ""));

export const agentApiKey = field.matching(/^[\x21-\x7e]{1,1024}$/, "Needs the key alone, without blanks.");

export const model = field.matching(
  /^[\x21-\x7e]{1,200}$/,
  "Needs the model's name as the endpoint calls it, like deepseek-chat, without blanks.",
);

export const contextTokens = field.wholeNumber(
  4000,
  10_000_000,
  "tokens that the model takes in at most (its context size)",
);

export const maxSteps = field.wholeNumber(1, 500, "calls of the model that one turn may take");

export const stallSeconds = field.wholeNumber(
  1,
  3600,
  "seconds that the model's endpoint may be silent, before its first byte and between two",
);

const INSTRUCTIONS_LIMIT_CHARS = 8000;
const INSTRUCTIONS_MEND = `Needs a text of at most ${INSTRUCTIONS_LIMIT_CHARS} characters.`;
/** Line ends belong to it, unlike to other texts. */
export const instructions = z
  .string({ error: INSTRUCTIONS_MEND })
  .refine(
    (value) => value.length <= INSTRUCTIONS_LIMIT_CHARS && !/[^\P{Cc}\n\t]/u.test(value),
    INSTRUCTIONS_MEND,
  );

export const acpPreset = z.enum(ACP_PRESETS, { error: `Needs one of: ${ACP_PRESETS.join(", ")}.` });

export const isolation = z.enum(ACP_ISOLATIONS, { error: `Needs one of: ${ACP_ISOLATIONS.join(", ")}.` });
