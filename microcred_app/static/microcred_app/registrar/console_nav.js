/* Where there is no room beside the page, the way to the console's pages is folded up, before anything is drawn; without scripts it stays open. */
(() => {
  const fold = document.querySelector("[data-console-nav]");
  const narrow = matchMedia("(max-width: 67.99rem)");
  const follow = () => { fold.open = !narrow.matches; };
  narrow.addEventListener("change", follow);
  follow();
})();
