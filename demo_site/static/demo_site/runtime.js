/* The page's side of the XBlock runtime: starts blocks children first and gives them the platform's calls.
 *
 * The page says in <body> how handler addresses look (data-handler-pattern) and whether blocks get their raw
 * element, as in the LMS, or a list holding it, as Studio's jQuery object is (data-element="list").
 * A block whose start fails is reported on the console and does not stop the others.
 */
(function () {
  "use strict";

  const listeners = new Map();
  const started = new WeakMap();

  function rawElement(element) {
    return element instanceof Element ? element : element && element[0];
  }

  function blockElement(element) {
    return rawElement(element).closest(".xblock");
  }

  function blocksBelow(root) {
    return Array.from(root.querySelectorAll(".xblock")).filter(
      (element) => element.parentElement.closest(".xblock") === (root.closest ? root.closest(".xblock") : null)
    );
  }

  const runtime = {
    handlerUrl(element, name, suffix, query) {
      const usage = blockElement(element).dataset.usageId;
      let url = document.body.dataset.handlerPattern.replace("USAGE", usage).replace("NAME", name);
      if (suffix) {
        url += "/" + String(suffix).replace(/^\//, "");
      }
      return query ? url + "?" + query : url;
    },

    children(element) {
      return blocksBelow(blockElement(element)).map((child) => started.get(child)).filter(Boolean);
    },

    childMap(element, name) {
      return this.children(element).find((child) => child.name === name);
    },

    notify(name, data) {
      (listeners.get(name) || []).forEach((listener) => listener(data || {}));
      document.dispatchEvent(new CustomEvent("xblock:notify", { detail: { name, data: data || {} } }));
    },

    listenTo(name, listener) {
      listeners.set(name, [...(listeners.get(name) || []), listener]);
    },

    refreshXBlock() {
      window.location.reload();
    },
  };

  function initArguments(element) {
    const script = Array.from(element.children).find((child) =>
      child.matches("script.xblock-json-init-args")
    );
    return script ? JSON.parse(script.textContent) : undefined;
  }

  function startBlock(element) {
    blocksBelow(element).forEach(startBlock);
    if (started.has(element)) {
      return;
    }
    let block = {};
    const name = element.dataset.init;
    if (name) {
      try {
        const given = document.body.dataset.element === "list" ? [element] : element;
        block = window[name](runtime, given, initArguments(element)) || {};
      } catch (error) {
        console.warn("The block " + element.dataset.usageId + " could not start:", error);
      }
    }
    block.element = element;
    block.name = element.dataset.name;
    block.type = element.dataset.blockType;
    started.set(element, block);
    element.classList.add("xblock-initialized");
  }

  window.XBlock = {
    runtime,
    initialize(root) {
      blocksBelow(root).forEach(startBlock);
    },
    csrfToken() {
      const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
      return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : "";
    },
  };
})();
