import { z } from "zod";
import * as field from "../fields.ts";
import * as runner from "./runner-fields.ts";

/* The servers that give a model its tools (Model Context Protocol); in the file only. See ../fields.ts. */

const SERVER_LIMIT = 32;
const TOOL_LIMIT = 256;
const DEFAULT_TIMEOUT_SECONDS = 120;

const APPROVE_MEND =
  "Needs one of: writes (what a server does not call read-only), always, never; or a list of names of tools.";
const toolName = z.string({ error: APPROVE_MEND }).regex(/^[^\s\p{Cc}]{1,128}$/u, APPROVE_MEND);
const approve = z
  .union([z.enum(["writes", "always", "never"]), z.array(toolName).min(1).max(TOOL_LIMIT)], {
    error: APPROVE_MEND,
  })
  .prefault("writes");

const HEADERS_MEND = "Needs pairs of a header's name and its value.";
const headers = z
  .record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/, HEADERS_MEND), z.string(), { error: HEADERS_MEND })
  .refine(
    (all) => Object.values(all).every((value) => /^[\x20-\x7e]{1,4096}$/.test(value)),
    "Needs values of 1 to 4096 printable ASCII characters.",
  );

const serverSchema = z
  .object(
    {
      name: field.matching(
        /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
        "Needs a name of letters, digits, _ and -, at most 32.",
      ),
      command: runner.command.optional(),
      env: field.envNameList.prefault([]),
      url: runner.agentUrl.optional(),
      headers: headers.prefault({}),
      approve,
      timeout_seconds: field
        .wholeNumber(1, 3600, "seconds that one call of a tool may take")
        .prefault(String(DEFAULT_TIMEOUT_SECONDS)),
    },
    { error: "Needs the keys name and command, or name and url." },
  )
  .transform((server, context) => {
    const { name, command, env, url, approve: asks, timeout_seconds } = server;
    const common = { name, approve: asks, timeoutMs: timeout_seconds * 1000 };
    if (command !== undefined && url === undefined) return { ...common, command, env };
    if (url !== undefined && command === undefined) return { ...common, url, headers: server.headers };
    context.issues.push({
      code: "custom",
      message: "Needs either command (a program of this machine) or url (a server elsewhere).",
      input: server,
    });
    return z.NEVER;
  });

export const mcpServers = z
  .array(serverSchema, { error: "Needs a list of servers." })
  .max(SERVER_LIMIT, `Needs at most ${SERVER_LIMIT} servers.`)
  .refine(
    (servers) => new Set(servers.map(({ name }) => name)).size === servers.length,
    "Needs a name of its own for each server.",
  );
