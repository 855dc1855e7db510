/**
 * Keeps the sentences about an offer true while its page is open.
 *
 * The page is asked at growing intervals; the new sentence goes into the live region, so that a screen reader says it
 * without moving the focus. When the offer is over, its codes go away: they are worth nothing any more. Without this
 * module the button "Look again" does the same.
 */

const FIRST_WAIT_MS = 1500;
const LONGEST_WAIT_MS = 6000;
const GIVE_UP_AFTER = 400;

const page = document.querySelector("[data-offer-status]");
const sentence = page?.querySelector("[data-offer-sentence]");
const left = page?.querySelector("[data-offer-left]");
const codes = page?.querySelector("[data-offer-codes]");
const after = page?.querySelector("[data-offer-after]");
let wait = FIRST_WAIT_MS;
let asked = 0;

async function ask() {
  asked += 1;
  if (!document.hidden) {
    try {
      const response = await fetch(page.dataset.offerStatus, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!response.ok) {
        return; // signed out: what the page says stays what was last known
      }
      const news = await response.json();
      if (sentence.textContent.trim() !== news.sentence) {
        sentence.textContent = news.sentence;
      }
      if (left && news.left) {
        left.textContent = news.left;
      }
      if (codes && !news.open && !codes.hidden) {
        if (codes.contains(document.activeElement)) {
          sentence.tabIndex = -1;
          sentence.focus();
        }
        codes.hidden = true;
        after.hidden = false;
      }
      if (news.settled) {
        return;
      }
    } catch {
      // Offline for a moment: ask again later, like after any other answer.
    }
  }
  if (asked < GIVE_UP_AFTER) {
    wait = Math.min(wait * 1.2, LONGEST_WAIT_MS);
    window.setTimeout(ask, wait);
  }
}

if (page) {
  window.setTimeout(ask, wait);
}
