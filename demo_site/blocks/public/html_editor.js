/* Editor of the text block: saves title and markup, and tells Studio when it begins and ends. */
(function () {
  "use strict";

  function csrfToken() {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return cookie ? cookie.slice("csrftoken=".length) : "";
  }

  window.DemoHtmlEditor = function (runtime, element) {
    const root = element[0] || element;
    const form = root.querySelector("form");

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      runtime.notify("save", { state: "start" });
      const response = await fetch(runtime.handlerUrl(root, "save_text"), {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify(Object.fromEntries(new FormData(form))),
      });
      if (response.ok) {
        runtime.notify("save", { state: "end" });
      } else {
        runtime.notify("error", { title: form.dataset.errorTitle, message: form.dataset.errorText });
      }
    });
    root.querySelector(".cancel-button").addEventListener("click", () => runtime.notify("cancel", {}));
  };
})();
