import { runCli } from "../../../packages/cli/src/run-cli.ts";
import type { Stack } from "../../support/stack.ts";

export interface Finding {
  readonly check: string;
  readonly app?: string;
  readonly status: string;
  readonly says: string;
}

/** What `gateway doctor` finds, asked with the settings that the services have. */
export async function askDoctor(stack: Stack): Promise<{ code: number; findings: readonly Finding[] }> {
  const printed: string[] = [];
  const line = (text: string) => void printed.push(text);
  const deps = { env: stack.env, out: line, err: line, stdin: async () => "" };
  const code = await runCli(["doctor", "--json", "--callback-url", stack.callbackUrls[0] ?? ""], deps);
  return { code, findings: (JSON.parse(printed.join("\n")) as { findings: Finding[] }).findings };
}
