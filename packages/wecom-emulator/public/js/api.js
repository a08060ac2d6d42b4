async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.message ?? `HTTP ${response.status}`);
  return body;
}

export async function get(path, query = {}) {
  return answer(await fetch(`/_emulator/${path}?${new URLSearchParams(query)}`));
}

export async function send(method, path, body = {}) {
  const headers = { "content-type": "application/json" };
  return answer(await fetch(`/_emulator/${path}`, { method, headers, body: JSON.stringify(body) }));
}

/** Gives a file to the emulator; the answer holds its media id. */
export async function upload(app, type, filename, content) {
  const query = new URLSearchParams({ app, type, filename });
  const headers = { "content-type": "application/octet-stream" };
  return answer(await fetch(`/_emulator/media?${query}`, { method: "POST", headers, body: content }));
}

/** Tells of every change. The browser reconnects by itself; `onState` says how it stands. */
export function watch(onChange, onState) {
  const events = new EventSource("/_emulator/events");
  events.onopen = () => onState(true);
  events.onerror = () => onState(false);
  events.onmessage = (event) => onChange(JSON.parse(event.data));
}
