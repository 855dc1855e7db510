/**
 * Makes the draft editor answer without loading the page again.
 *
 * Every button of the tree is a submit button of one form, and the server draws the tree. This module sends the same
 * form and puts the drawn parts in the place of the old ones; the focus goes where the server says (autofocus), and
 * what was said goes into a live region. Nothing here knows what a requirement is. Without this module the form is
 * sent as a form.
 */

const form = document.querySelector("[data-builder]");
const said = document.querySelector("[data-builder-said]");
const STEPS = new Set(["save", "submit", "approve", "send-back", "publish", "discard", "resolve"]);
const WAIT_MS = 350;

let turn = 0;
let dirty = false;
let timer = 0;

/**
 * Sends the form and puts the answered parts in place.
 * @param {string} button value of the button that would have been pressed
 * @param {string[]} into ids of the parts or elements to replace; empty for all parts
 */
async function send(button, into = []) {
  const mine = ++turn;
  const data = new FormData(form);
  data.delete("picture"); // a file travels when the draft is saved
  data.set("do", button);
  data.set("fragment", "1");
  form.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
    const type = response.headers.get("Content-Type") || "";
    if (!response.ok || response.redirected || !type.includes("html")) {
      throw new Error(String(response.status));
    }
    const text = await response.text();
    if (mine === turn) {
      show(new DOMParser().parseFromString(text, "text/html"), into);
    }
  } catch {
    press(button); // signed out, offline, or worse: let the page itself say so
  } finally {
    if (mine === turn) {
      form.removeAttribute("aria-busy");
    }
  }
}

/** Sends the form as a form, with the button of that value. */
function press(value) {
  dirty = false;
  const button = document.createElement("button");
  button.name = "do";
  button.value = value;
  button.hidden = true;
  form.append(button);
  form.requestSubmit(button);
}

/** @param {Document} answer */
function show(answer, into) {
  const wanted = into.length ? into : [...answer.querySelectorAll("[data-part]")].map((part) => part.id);
  const opened = new Set([...form.querySelectorAll("details[open]")].map(keyOf));
  const typing = document.activeElement && document.activeElement.id;
  for (const id of wanted) {
    const fresh = answer.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) {
      old.replaceWith(document.adoptNode(fresh));
    }
  }
  for (const details of form.querySelectorAll("details")) {
    details.open = details.open || opened.has(keyOf(details));
  }
  if (into.length) {
    return;
  }
  const target = form.querySelector("[data-part] [autofocus]") || (typing && document.getElementById(typing));
  if (target) {
    target.closest("details")?.setAttribute("open", "");
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  }
  const words = form.querySelector("[data-said]");
  said.textContent = "";
  window.setTimeout(() => {
    said.textContent = words ? words.textContent : "";
  }, 50);
}

function keyOf(details) {
  const part = details.closest("[data-part]");
  return `${part ? part.id : ""}:${details.querySelector("summary").textContent.trim()}`;
}

function later(action) {
  window.clearTimeout(timer);
  timer = window.setTimeout(action, WAIT_MS);
}

if (form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.hidden || STEPS.has(button.value)) {
      dirty = false;
      return;
    }
    event.preventDefault();
    window.clearTimeout(timer);
    if (button.getAttribute("aria-disabled") === "true" && button.value.startsWith("undo")) {
      return;
    }
    dirty = true;
    if (button.value === "preview") {
      send("preview", ["part-beside"]).then(() => {
        form.querySelector('[value="preview"]')?.focus();
        const numbers = form.querySelector("[data-preview]");
        said.textContent = numbers ? numbers.textContent : "";
      });
    } else {
      send(button.value);
    }
  });

  form.addEventListener("input", (event) => {
    dirty = true;
    const field = event.target;
    if (field.dataset.search) {
      later(() => send(field.dataset.search, [field.dataset.into]));
    }
  });

  form.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type !== "search" && field.type !== "file" && !field.name.startsWith("leaf-")) {
      later(() => send("check", ["part-beside"]));
    }
  });

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    const panel = field.closest(".mc-panel");
    if (event.key === "Enter" && field.matches("input:not([type=file])")) {
      event.preventDefault();
      const tool = field.closest(".mc-node__what")?.querySelector('button[value^="apply"]');
      const button = field.dataset.search ? field.parentElement.querySelector("button") : panel ? panel.querySelector("[data-default]") : tool;
      button?.click();
    } else if (event.key === "Escape" && panel) {
      event.preventDefault();
      panel.querySelector("[data-escape]").click();
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (dirty) {
      event.preventDefault();
    }
  });
}
