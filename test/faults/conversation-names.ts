const MAIN = "main";

/** A person who writes to the app "main" goes by the user id alone, one of another app by `<app>/<user id>`. */
export function nameConversation(app: string, user: string): string {
  return app === MAIN ? user : `${app}/${user}`;
}

export function readConversation(name: string): { readonly app: string; readonly user: string } {
  const at = name.indexOf("/");
  return at < 0 ? { app: MAIN, user: name } : { app: name.slice(0, at), user: name.slice(at + 1) };
}
