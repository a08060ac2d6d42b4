import type { Environment, GatewayConfig } from "@gateway/service-kit";
import { ConfigError, loadGatewayConfig } from "@gateway/service-kit";
import { z } from "zod";
import { menuSchema } from "./api/menu.ts";
import type { EmulatorApp, MenuButton } from "./types.ts";

const DEFAULT_CALLBACK_URL = "http://127.0.0.1:8645/wecom/callback";

/** Buttons of an app that brings none of its own: the commands that people need most. */
const DEFAULT_MENU: readonly MenuButton[] = [
  { type: "click", name: "New 新会话", key: "/new" },
  { type: "click", name: "Status 状态", key: "/status" },
  { type: "click", name: "Stop 停止", key: "/stop" },
];

const url = z.url({ protocol: /^https?$/ });

const appSchema = z.strictObject({
  name: z.string().min(1),
  corpId: z.string().min(1),
  agentId: z.string().regex(/^\d+$/),
  corpSecret: z.string().min(1),
  token: z.string().min(1),
  encodingAesKey: z.string().regex(/^[A-Za-z0-9+/]{43}$/),
  callbackUrl: url,
  menu: menuSchema.optional(),
});

const settingsSchema = z.object({
  EMULATOR_HOST: z.string().min(1).default("127.0.0.1"),
  EMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(8650),
  EMULATOR_CALLBACK_URL: url.default(DEFAULT_CALLBACK_URL),
  EMULATOR_APPS: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue("is no JSON");
        return z.NEVER;
      }
    })
    .pipe(z.array(appSchema).min(1))
    .optional(),
});

export interface EmulatorSettings {
  readonly host: string;
  readonly port: number;
  readonly apps: readonly EmulatorApp[];
  readonly config: GatewayConfig;
}

/** Never says what was found: the value may hold secrets. */
function toConfigError(error: z.ZodError): ConfigError {
  return new ConfigError(
    error.issues.map((issue) => ({
      where: issue.path.join("."),
      found: issue.message,
      mend: "Mend it or leave it out.",
    })),
  );
}

function appsOf(config: GatewayConfig, callbackUrl: string): EmulatorApp[] {
  return config.apps.map(({ name, corpId, agentId, corpSecret, keys: [{ token, encodingAesKey }] }) => ({
    name,
    corpId,
    agentId,
    corpSecret,
    token,
    encodingAesKey,
    callbackUrl,
  }));
}

/**
 * Where to listen and for which apps: the gateway's own configuration, all of its apps pushed to
 * EMULATOR_CALLBACK_URL, or the JSON list in EMULATOR_APPS. Throws ConfigError.
 */
export function readSettings(env: Environment): EmulatorSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const settings = settingsSchema.safeParse(given);
  if (!settings.success) throw toConfigError(settings.error);
  const { EMULATOR_HOST, EMULATOR_PORT, EMULATOR_CALLBACK_URL, EMULATOR_APPS } = settings.data;
  const config = loadGatewayConfig(env, { appsRequired: EMULATOR_APPS === undefined });
  const apps = EMULATOR_APPS ?? appsOf(config, EMULATOR_CALLBACK_URL);
  return {
    config,
    host: EMULATOR_HOST,
    port: EMULATOR_PORT,
    apps: apps.map(({ menu = DEFAULT_MENU, ...app }) => ({ ...app, menu })),
  };
}
