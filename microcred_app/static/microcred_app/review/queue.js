// j and k move through the list. A single key can be hit by accident or by speech input, so it can be turned off
// (WCAG 2.1.4), and is off until somebody turns it on. Tab and Enter work all the same.
const box = document.querySelector("[data-mcv-keys]");
const rows = [...document.querySelectorAll("[data-mcv-row]")];
const KEY = "microcred-review-keys";

const remembered = () => {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
};

if (box && rows.length) {
  const toggle = box.querySelector("[data-mcv-keys-on]");
  box.hidden = false;
  toggle.checked = remembered();
  toggle.addEventListener("change", () => {
    try {
      localStorage.setItem(KEY, toggle.checked ? "on" : "off");
    } catch {
      // Without storage it holds for this page.
    }
  });
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!toggle.checked || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = rows.indexOf(document.activeElement);
    const to = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
    rows[to].focus();
  });
}
