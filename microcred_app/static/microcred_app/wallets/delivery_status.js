/**
 * Keeps the sentence about a push true while the page is open.
 *
 * Every element with data-delivery-status holds the address of one push's status. It is asked at growing
 * intervals until the push is settled; the new sentence is put into the element's live region, so that a screen
 * reader says it without moving the focus. Without this module the page says the same after a reload.
 */

const FIRST_WAIT_MS = 800;
const LONGEST_WAIT_MS = 8000;
const GIVE_UP_AFTER = 60;

/** @param {HTMLElement} row */
function followDelivery(row) {
  const sentence = row.querySelector("[data-delivery-sentence]");
  const openWallet = row.querySelector("[data-delivery-open]");
  const tryAgain = row.querySelector("[data-delivery-retry]");
  let wait = FIRST_WAIT_MS;
  let asked = 0;

  async function ask() {
    asked += 1;
    try {
      const response = await fetch(row.dataset.deliveryStatus, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!response.ok) {
        return; // signed out, or gone: what the page says stays what was last known
      }
      const news = await response.json();
      if (sentence.textContent.trim() !== news.sentence) {
        sentence.textContent = news.sentence;
      }
      row.dataset.deliveryState = news.state;
      if (news.settled) {
        if (openWallet && news.state === "sent") {
          openWallet.hidden = false;
        }
        if (tryAgain && news.state === "failed") {
          tryAgain.hidden = false;
        }
        return;
      }
    } catch {
      // Offline for a moment: ask again later, like after any other answer.
    }
    if (asked < GIVE_UP_AFTER) {
      wait = Math.min(wait * 1.4, LONGEST_WAIT_MS);
      window.setTimeout(ask, wait);
    }
  }

  window.setTimeout(ask, wait);
}

for (const row of document.querySelectorAll("[data-delivery-status][data-delivery-state='waiting']")) {
  followDelivery(row);
}
