/* The page inside the unit's frame: starts the blocks, tells the parent its size, counts what was viewed. */
(function () {
  "use strict";

  const VISIBLE_PART = 0.5;

  window.XBlock.initialize(document.body);

  /* Size: the frame has no scroll bar of its own, so the parent must follow every change. */
  let lastHeight = 0;

  function tellSize() {
    const height = Math.ceil(document.querySelector(".course-content").getBoundingClientRect().height);
    if (height !== lastHeight) {
      lastHeight = height;
      window.parent.postMessage(
        { type: "plugin.resize", payload: { width: document.body.scrollWidth, height } },
        window.location.origin
      );
    }
  }

  new ResizeObserver(tellSize).observe(document.querySelector(".course-content"));
  new MutationObserver(tellSize).observe(document.body, { childList: true, subtree: true, attributes: true });
  window.addEventListener("load", tellSize);
  tellSize();

  /* Completion by viewing: a block marked for it is complete after it was long enough in view. */
  async function publishCompletion(element) {
    const response = await fetch(window.XBlock.runtime.handlerUrl(element, "publish_completion"), {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": window.XBlock.csrfToken() },
      body: JSON.stringify({ completion: 1.0 }),
    });
    if (response.ok) {
      delete element.dataset.markCompletedOnViewAfterDelay;
    }
  }

  const timers = new Map();
  const observer = new IntersectionObserver(
    (entries) => {
      entries.forEach((entry) => {
        const tall = entry.boundingClientRect.height > window.innerHeight;
        const inView = entry.isIntersecting && (tall || entry.intersectionRatio >= VISIBLE_PART);
        if (inView && !timers.has(entry.target)) {
          const delay = Number(entry.target.dataset.markCompletedOnViewAfterDelay);
          timers.set(entry.target, setTimeout(() => publishCompletion(entry.target), delay));
        } else if (!inView && timers.has(entry.target)) {
          clearTimeout(timers.get(entry.target));
          timers.delete(entry.target);
        }
      });
    },
    { threshold: [0, VISIBLE_PART] }
  );
  document
    .querySelectorAll("[data-mark-completed-on-view-after-delay]")
    .forEach((element) => observer.observe(element));
})();
