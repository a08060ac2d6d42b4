import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import type { ApiClient } from "./api-client.ts";
import { ApiFailure, createApiClient } from "./api-client.ts";
import type { Finding } from "./doctor/finding.ts";
import { showFindings } from "./doctor/show-findings.ts";
import { readMessage } from "./read-message.ts";
import { showAccepted, showDeadLetters, showReplayed, showTimeline } from "./show.ts";
import { EXIT, USAGE, UsageError } from "./usage.ts";

export interface CliDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly stdin: () => Promise<string>;
}

/** Runs one command. Resolves to the exit code. */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  try {
    const { values: flags, positionals } = readFlags(argv);
    const [command, ...rest] = positionals;
    if (flags.help === true || command === undefined) {
      deps.out(USAGE);
      return flags.help === true ? EXIT.done : EXIT.usage;
    }
    const show = flags.json === true ? (answer: unknown) => JSON.stringify(answer) : undefined;
    return await runCommand(command, rest, flags, show, deps);
  } catch (error) {
    if (error instanceof ApiFailure) {
      deps.err(error.message);
      return error.exitCode;
    }
    if (!(error instanceof UsageError)) throw error;
    deps.err(`${error.message}\ngateway --help tells more.`);
    return EXIT.usage;
  }
}

type Flags = ReturnType<typeof readFlags>["values"];

async function runCommand(
  command: string,
  rest: readonly string[],
  flags: Flags,
  json: ((answer: unknown) => string) | undefined,
  deps: CliDeps,
): Promise<number> {
  const [id] = rest;
  switch (command) {
    case "send": {
      const request = await readMessage(flags, deps.stdin);
      deps.out((json ?? showAccepted)(await send(request, flags.key, createApiClient(deps.env), deps)));
      return EXIT.done;
    }
    case "timeline": {
      if (id === undefined || rest.length > 1) throw new UsageError("timeline needs one message id.");
      const answer = await createApiClient(deps.env).call(
        "GET",
        `/messages/${encodeURIComponent(id)}/timeline`,
      );
      deps.out((json ?? showTimeline)(answer));
      return EXIT.done;
    }
    case "dead": {
      deps.out((json ?? showDeadLetters)(await createApiClient(deps.env).call("GET", "/dead-letters")));
      return EXIT.done;
    }
    case "replay":
      if (id === undefined)
        throw new UsageError("replay needs the ids of dead letters; gateway dead lists them.");
      return replayAll(rest, json ?? showReplayed, createApiClient(deps.env), deps);
    case "doctor": {
      if (rest.length > 0) throw new UsageError("doctor takes no names, only --callback-url.");
      const { runDoctor } = await import("./doctor/run-doctor.ts");
      return report(await runDoctor(deps.env, { callbackUrl: readUrl(flags["callback-url"]) }), json, deps);
    }
    case "config": {
      const [what, file, ...more] = rest;
      if (what !== "check" || more.length > 0) throw new UsageError("It is: gateway config check [file].");
      const env = file === undefined ? deps.env : { ...deps.env, GATEWAY_CONFIG: file };
      const { checkConfig } = await import("./doctor/check-config.ts");
      return report(checkConfig(env).findings, json, deps);
    }
    default:
      throw new UsageError("There is no such command.");
  }
}

function report(
  findings: readonly Finding[],
  json: ((answer: unknown) => string) | undefined,
  deps: CliDeps,
): number {
  deps.out(json === undefined ? showFindings(findings) : json({ findings }));
  return findings.some(({ status }) => status === "problem") ? EXIT.refused : EXIT.done;
}

function readUrl(text: string | undefined): string | undefined {
  if (text === undefined || (/^https?:\/\//.test(text) && URL.canParse(text))) return text;
  throw new UsageError("--callback-url needs an address like https://example.com/wecom/callback.");
}

async function send(
  request: unknown,
  asked: string | undefined,
  api: ApiClient,
  deps: CliDeps,
): Promise<unknown> {
  const key = asked ?? randomUUID();
  try {
    return await api.call("POST", "/messages", { body: request, key });
  } catch (error) {
    // It may have been taken: only the same key makes a second try safe.
    if (error instanceof ApiFailure && error.exitCode === EXIT.unreachable)
      deps.err(`Try again with --key ${key}`);
    throw error;
  }
}

/** Each of them, also when one before it cannot be replayed. The worst exit code counts. */
async function replayAll(
  ids: readonly string[],
  show: (answer: unknown) => string,
  api: ApiClient,
  deps: CliDeps,
): Promise<number> {
  let worst: number = EXIT.done;
  for (const id of ids) {
    try {
      deps.out(show(await api.call("POST", `/dead-letters/${encodeURIComponent(id)}/replay`)));
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      deps.err(`${id}: ${error.message}`);
      worst = Math.max(worst, error.exitCode);
    }
  }
  return worst;
}

function readFlags(argv: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...{ to: text, app: text, text, markdown: text, message: text, key: text, "callback-url": text },
        ...{ json: flag, help: { ...flag, short: "h" } },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "The command cannot be read.");
  }
}
