/* The learner's unit page: the frame is as high as its content, and scrolls the page where a block asks. */
(function () {
  "use strict";

  const frame = document.getElementById("unit-iframe");

  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin || event.source !== frame.contentWindow || !event.data) {
      return;
    }
    if (event.data.type === "plugin.resize" && event.data.payload) {
      frame.height = String(Math.max(120, Number(event.data.payload.height) || 0));
    } else if (typeof event.data.offset === "number") {
      window.scrollTo({ top: frame.offsetTop + event.data.offset });
    }
  });
})();
