import type { AppConfig } from "./types.ts";

const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];

/** What is allowed but most likely not meant, in plain sentences. */
export function appWarnings(app: AppConfig): string[] {
  const name = `App ${JSON.stringify(app.name)}`;
  const warnings: string[] = [];
  if (!/^(ww|wx)[0-9a-z]{16}$/i.test(app.corpId)) {
    warnings.push(`${name}: the corp id ${app.corpId} does not look like ww and 16 letters and digits.`);
  }
  if (isNobodyAllowed(app)) {
    warnings.push(
      `${name}: nobody may talk to it, every message will be refused. List the user ids in ` +
        "WECOM_CALLBACK_ALLOWED_USERS (or allowed_users of the app), or open it to everyone in the app's " +
        "visible range with WECOM_CALLBACK_ALLOW_ALL_USERS=true (or allow_all_users: true).",
    );
  }
  if (isEverybodyAllowed(app) && app.allowedUsers.some((user) => user !== "*")) {
    warnings.push(`${name}: everyone may talk to it, so its list of allowed users has no effect.`);
  }
  if (isEverybodyAllowed(app) && app.pairing) {
    warnings.push(`${name}: everyone may talk to it, so pairing has no effect.`);
  } else if (app.pairing && app.adminUsers.length === 0) {
    warnings.push(
      `${name}: pairing is on, but nobody can let people in from WeCom, only from the console. List the user ` +
        "ids of administrators in WECOM_CALLBACK_ADMIN_USERS (or admin_users of the app).",
    );
  }
  if (isPlainHttpAway(app.apiBaseUrl)) {
    warnings.push(
      `${name}: the API base URL is http to another host, so tokens and messages travel unencrypted.`,
    );
  }
  return warnings;
}

function isNobodyAllowed(app: AppConfig): boolean {
  return !app.allowAllUsers && !app.pairing && [...app.allowedUsers, ...app.adminUsers].length === 0;
}

function isEverybodyAllowed(app: AppConfig): boolean {
  return app.allowAllUsers || app.allowedUsers.includes("*");
}

function isPlainHttpAway(baseUrl: string): boolean {
  const url = new URL(baseUrl);
  return url.protocol === "http:" && !LOOPBACK.includes(url.hostname);
}
