/** As config/demo.env and the emulator have it. */
const APP = "default";

interface Chat {
  readonly items: readonly { readonly side: string; readonly recalledAtMs?: number }[];
}

/** People of the demo app, who write through the emulator's control API. */
export function createPeople(emulatorUrl: string) {
  const call = async <Answer>(path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${emulatorUrl}/_emulator${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<Answer>;
  };
  return {
    /** Resolves when WeCom's pushes of it have been acknowledged or given up. */
    async say(user: string, text: string): Promise<string> {
      const body = { app: APP, user, content: { type: "text", content: text }, wait: true };
      return (await call<{ status: string }>("/pushes", body)).status;
    },
    /** What the person has on the screen of the app's, as JSON. */
    async hears(user: string): Promise<string[]> {
      const query = new URLSearchParams({ app: APP, user });
      const { items } = await call<Chat>(`/chat?${query}`);
      const shown = items.filter(({ side, recalledAtMs }) => side === "app" && recalledAtMs === undefined);
      return shown.map((item) => JSON.stringify(item));
    },
  };
}
