/**
 * Keeps a back-fill's progress true while its page is open.
 *
 * The server draws the bar; this module only asks for it again, less often the longer it takes, and not at all
 * while nobody looks. When the job stops moving the page is loaded once more, because what can be done with it
 * has changed. Every tenth per cent is said to screen readers, without moving the focus. Without this module the
 * link "Show the progress now" does the same.
 */

const FIRST_WAIT_MS = 1500;
const LONGEST_WAIT_MS = 10_000;

const said = document.querySelector("[data-progress-said]");
let wait = FIRST_WAIT_MS;
let lastTold = -1;

/** @param {Element} bar */
function tell(bar) {
  const tenth = Math.floor(Number(bar.querySelector("progress").value) / 10);
  if (tenth !== lastTold) {
    lastTold = tenth;
    said.textContent = bar.querySelector("progress + p").textContent.trim();
  }
}

function isTyping() {
  return [...document.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue)
    || document.activeElement instanceof HTMLTextAreaElement;
}

async function ask() {
  const bar = document.getElementById("job-progress");
  if (document.hidden) {
    document.addEventListener("visibilitychange", ask, { once: true });
    return;
  }
  try {
    const response = await fetch(bar.dataset.progress, { credentials: "same-origin" });
    if (!response.ok || response.redirected) {
      return; // signed out, or gone: what the page says stays what was last known
    }
    const news = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("job-progress");
    bar.replaceWith(document.adoptNode(news));
    tell(news);
    if (!news.dataset.progress) {
      if (!isTyping()) {
        window.location.reload();
      }
      return;
    }
  } catch {
    // the network is away for a moment: ask again later
  }
  wait = Math.min(wait * 1.2, LONGEST_WAIT_MS);
  setTimeout(ask, wait);
}

if (document.querySelector("[data-progress]")) {
  setTimeout(ask, wait);
}
