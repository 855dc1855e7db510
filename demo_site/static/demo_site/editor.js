/* The page inside the editor's dialogue: passes on to Studio when a block saves, fails or gives up. */
(function () {
  "use strict";

  document.addEventListener("xblock:notify", (event) => {
    const { name, data } = event.detail;
    if (["save", "cancel", "error"].includes(name)) {
      window.parent.postMessage(
        { type: "studio.editor", event: name, state: data.state, title: data.title, message: data.message },
        window.location.origin
      );
    }
  });
  window.XBlock.initialize(document.body);
})();
