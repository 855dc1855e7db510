/**
 * Loads the program that checks a badge in this browser when its button is pressed, and not before.
 *
 * Without this module the section stays hidden: the site's own checks and the files to download are there all the same.
 */

const root = document.querySelector("[data-verifier]");
const button = root?.querySelector("[data-verifier-start]");

async function start() {
  button.setAttribute("aria-disabled", "true");
  try {
    const { run } = await import(root.dataset.program);
    await run(root);
  } catch {
    root.querySelector("[data-verifier-result]").textContent = root.dataset.failed;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

if (button) {
  root.hidden = false;
  button.addEventListener("click", () => {
    if (!button.hasAttribute("aria-disabled")) {
      start();
    }
  });
}
