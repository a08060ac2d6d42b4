/** Keeps an open page true: replaces its figures every few seconds, and reloads an error page until it is over. */
const REFRESH_MS = 5000;

const live = document.querySelector("main[data-refresh]");
const retrying = document.querySelector("main[data-retry]");

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch(live.dataset.refresh, {
      headers: { accept: "application/json, text/plain" },
    });
    if (response.status === 401) return location.reload();
    live.classList.toggle("stale", !response.ok);
    if (response.ok) live.innerHTML = await response.text();
  } catch {
    live.classList.add("stale");
  }
}

if (live !== null) {
  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", refresh);
}
if (retrying !== null) setTimeout(() => location.reload(), REFRESH_MS);
