export const USAGE = `gateway – messages to people, what became of messages, and what is wrong

  gateway send --to <whom> (--text <text> | --markdown <text> | --message <json>) [--app <app>] [--key <key>]
  gateway timeline <message id>
  gateway dead
  gateway replay <dead letter id> …
  gateway doctor [--callback-url <url>]
  gateway config check [file]

  --to       corp/agent/user, a user id, party:1,2, tag:3, chat:ID or @all
  --app      name or corp/agent, for party, tag, chat and @all; not needed where only one app is configured
  --text -   reads the text from standard input
  --message  any message of WeCom's: {"msgtype":"textcard","textcard":{…}}
  --key      the same key sends one message, however often it is tried
  --json     the answer as JSON

  doctor and config check read the configuration that the services read (.env or environment, GATEWAY_CONFIG); doctor
  asks Redis, WeCom, the workers, and the callback address as WeCom does: by default the ingress on this machine,
  with --callback-url the public one.

  GATEWAY_API_URL    the console's address (default http://127.0.0.1:8646)
  GATEWAY_API_TOKEN  its CONSOLE_API_TOKEN

Exit code: 0 done, 1 refused or a problem found, 2 a mistake in the command, 3 not reached, or the gateway could not; try again.`;

/** A mistake in the command itself. */
export class UsageError extends Error {}

/** Exit codes, for scripts. */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;
