/* Buttons that copy an address. Without a script, or where the browser keeps the clipboard to itself, they stay hidden. */
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const said = button.nextElementSibling;
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = "";
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        said.textContent = button.dataset.copied;
      } catch {
        button.hidden = true; // the browser refused: the link beside it can be copied by hand
      }
    });
  }
}
