import { readFile, rename, writeFile } from "node:fs/promises";
import type { ServiceHandle } from "../../support/service.ts";
import type { Stack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

type AppEntry = Readonly<Record<string, unknown>>;

interface ConfigFile {
  readonly platforms: { readonly wecom_callback: { readonly extra: { apps: AppEntry[] } } };
}

/** The configuration file of a running stack, as an operator edits it. */
export interface LiveConfig {
  /** Saves the file and waits until every process has it in force. */
  change(edit: (apps: AppEntry[]) => AppEntry[]): Promise<void>;
  /** Saves half a file, and waits until every process has refused it. */
  spoil(): Promise<void>;
}

export async function openConfig(stack: Stack): Promise<LiveConfig> {
  const file = stack.env.GATEWAY_CONFIG ?? "";
  const config = JSON.parse(await readFile(file, "utf8")) as ConfigFile;
  const services = [
    ...stack.ingress,
    ...stack.workers,
    ...(stack.console === undefined ? [] : [stack.console]),
  ];
  const save = async (text: string, said: string) => {
    const savedAtMs = Date.now();
    // As editors do it, and as mounted files are updated: a new one takes the old one's place.
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
    const haveSaid = () => services.every((service) => hasSaid(service, said, savedAtMs));
    await waitUntil(`every process says: ${said}`, haveSaid, { describe: () => stack.logs().slice(-5000) });
  };
  return {
    async change(edit) {
      const { extra } = config.platforms.wecom_callback;
      extra.apps = edit(extra.apps);
      await save(JSON.stringify(config), "configuration reloaded");
    },
    async spoil() {
      const text = JSON.stringify(config);
      await save(text.slice(0, text.length / 2), "configuration not reloaded; the one in force stays");
    },
  };
}

function hasSaid(service: ServiceHandle, said: string, sinceMs: number): boolean {
  return service
    .logs()
    .split("\n")
    .filter((line) => line.includes(`"msg":"${said}"`))
    .some((line) => Date.parse((JSON.parse(line) as { time: string }).time) >= sinceMs);
}
