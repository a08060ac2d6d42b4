/** Keeps an open page true: replaces its figures every few seconds, and reloads an error page until it is over. */
const REFRESH_MS = 5000;

const live = document.querySelector("[data-refresh]");
const retrying = document.querySelector("main[data-retry]");
const announcer = document.querySelector("#announcer");
let announced = wordsToAnnounce();

/** Nothing moves under a button that is about to be pressed, the focus of a keyboard, or a text that is about to be copied. */
function isInUse() {
  return live.querySelector("button:hover, :focus") !== null || !getSelection().isCollapsed;
}

async function refresh() {
  if (document.hidden || isInUse()) return;
  try {
    const response = await fetch(live.dataset.refresh, {
      headers: { accept: "application/json, text/plain" },
    });
    if (response.status === 401) return location.reload();
    live.classList.toggle("stale", !response.ok);
    if (!response.ok) return;
    const content = await response.text();
    if (isInUse()) return;
    live.innerHTML = content;
    showLocalTimes();
    announce();
  } catch {
    live.classList.add("stale");
  }
}

function wordsToAnnounce() {
  return live?.querySelector("[data-announce]")?.dataset.announce;
}

/** To those who do not see the page; only what is new. A region that is replaced itself would be read out each time, or never. */
function announce() {
  const words = wordsToAnnounce();
  if (words !== announced) announcer.textContent = words ?? "";
  announced = words;
}

/** The server renders times in its own zone, the reader lives in another. The styles are those of `time.ts`. */
const TIME_STYLES = {
  moment: { dateStyle: "medium", timeStyle: "medium" },
  clock: { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false },
};

function showLocalTimes() {
  for (const time of document.querySelectorAll("time[data-style]")) {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, TIME_STYLES[time.dataset.style]);
    time.textContent = format.format(new Date(time.dateTime));
  }
  for (const zone of document.querySelectorAll("input[name=zone]")) {
    zone.value = String(-new Date().getTimezoneOffset());
  }
}

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question !== undefined && !confirm(question)) event.preventDefault();
});

if (live !== null) {
  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", refresh);
}
if (retrying !== null) setTimeout(() => location.reload(), REFRESH_MS);
showLocalTimes();
