/* A container page in Studio: every button calls Studio's endpoint and then shows the page as it is now.
 * After the reload the focus is where the author was, and what happened is said aloud.
 */
(function () {
  "use strict";

  const texts = document.getElementById("studio-texts").dataset;
  const page = document.body.dataset;
  const editor = document.getElementById("editor-dialog");
  const frame = document.getElementById("editor-iframe");
  const editorTitle = document.getElementById("editor-title");
  const confirmation = document.getElementById("delete-dialog");
  const confirmTitle = document.getElementById("delete-title");
  const MEMORY = "studio-after-reload";

  window.XBlock.initialize(document.querySelector(".container-content"));

  function blockUrl(locator) {
    return page.blockUrl.replace("block-v1:USAGE", locator);
  }

  function showProblem(element, message) {
    element.textContent = message;
    element.hidden = false;
  }

  async function call(url, method, body) {
    const response = await fetch(url, {
      method,
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": window.XBlock.csrfToken() },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Error(answer.error || texts.failed);
    }
    return answer;
  }

  function reload(announcement, locator, action) {
    sessionStorage.setItem(MEMORY, JSON.stringify({ announcement, locator, action }));
    window.location.reload();
  }

  function afterReload() {
    const memory = JSON.parse(sessionStorage.getItem(MEMORY) || "null");
    sessionStorage.removeItem(MEMORY);
    if (!memory) {
      return;
    }
    document.getElementById("announcement").textContent = memory.announcement;
    const buttons = Array.from(document.querySelectorAll("[data-action]")).filter(
      (button) => !button.disabled && button.dataset.locator === memory.locator
    );
    const target =
      buttons.find((button) => button.dataset.action === memory.action) ||
      buttons[0] ||
      document.querySelector('[data-action="add"]:not(:disabled)');
    if (target) {
      target.focus();
    }
  }

  function childLocators() {
    return Array.from(document.querySelectorAll(".studio-xblock-wrapper"))
      .filter((wrapper) => !wrapper.parentElement.closest(".studio-xblock-wrapper"))
      .map((wrapper) => wrapper.dataset.locator);
  }

  async function move(locator, step) {
    const order = childLocators();
    const place = order.indexOf(locator);
    order.splice(place, 1);
    order.splice(place + step, 0, locator);
    await call(blockUrl(page.locator), "POST", { children: order });
    reload(texts.moved, locator, step < 0 ? "up" : "down");
  }

  function askToDelete(button) {
    confirmTitle.textContent = confirmTitle.dataset.pattern.replace("{title}", button.dataset.title);
    confirmation.returnValue = "keep";
    confirmation.onclose = async () => {
      if (confirmation.returnValue === "delete") {
        await guarded(async () => {
          await call(blockUrl(button.dataset.locator), "DELETE");
          window.XBlock.runtime.notify("deleted-child", button.dataset.locator);
          reload(texts.deleted, page.locator, "edit");
        });
      }
    };
    confirmation.showModal();
  }

  let edited = null;

  function openEditor(button) {
    edited = button.dataset.locator;
    document.getElementById("editor-problem").hidden = true;
    editorTitle.textContent = editorTitle.dataset.prefix + " – " + button.dataset.title;
    frame.title = editorTitle.textContent;
    frame.src = blockUrl(edited) + "/action/edit";
    editor.showModal();
  }

  const actions = {
    add: async (button) => {
      const made = await call(page.createUrl, "POST", {
        parent_locator: page.locator,
        category: button.dataset.category,
        boilerplate: button.dataset.boilerplate,
      });
      reload(texts.added, made.locator, "edit");
    },
    duplicate: async (button) => {
      const made = await call(page.createUrl, "POST", {
        parent_locator: page.locator,
        duplicate_source_locator: button.dataset.locator,
      });
      reload(texts.duplicated, made.locator, "edit");
    },
    up: (button) => move(button.dataset.locator, -1),
    down: (button) => move(button.dataset.locator, 1),
    delete: askToDelete,
    edit: openEditor,
    "close-editor": () => editor.close(),
  };

  async function guarded(work) {
    try {
      await work();
    } catch (error) {
      showProblem(document.getElementById("problem"), error.message || texts.failed);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button && actions[button.dataset.action]) {
      guarded(async () => actions[button.dataset.action](button));
    }
  });

  /* The editor in the frame says what happens in it. */
  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin || event.source !== frame.contentWindow || !event.data) {
      return;
    }
    if (event.data.type !== "studio.editor") {
      return;
    }
    if (event.data.event === "save" && event.data.state === "end") {
      editor.close();
      reload(texts.saved, edited, "edit");
    } else if (event.data.event === "cancel") {
      editor.close();
    } else if (event.data.event === "error") {
      const message = [event.data.title, event.data.message].filter(Boolean).join(": ");
      showProblem(document.getElementById("editor-problem"), message || texts.failed);
    }
  });
  editor.addEventListener("close", () => frame.removeAttribute("src"));

  /* The strip on this page replaces the one that older Studios let the block draw. */
  document.querySelectorAll(".add-xblock-component").forEach((strip) => strip.remove());

  afterReload();
})();
