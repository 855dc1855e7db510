/* What the scripts of all three blocks share: finding their element, asking handlers, saving drafts. */
(function () {
  "use strict";
  if (window.MicrocredPage) { return; }

  function cookie(name) {
    var found = document.cookie.split("; ").filter(function (pair) { return pair.indexOf(name + "=") === 0; })[0];
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  /* Studio hands a jQuery object, the LMS an element. */
  function raw(element) { return element && element.nodeType ? element : element[0]; }

  function settings(root) { return JSON.parse(root.getAttribute("data-settings") || "{}"); }

  function headers(csrfCookie, json) {
    var sent = { "X-CSRFToken": cookie(csrfCookie || "csrftoken"), "Accept": "application/json", "X-Requested-With": "XMLHttpRequest" };
    if (json) { sent["Content-Type"] = "application/json"; }
    return sent;
  }

  /* Resolves with {status, body}; body is {} when the answer is not JSON. Rejects only without a connection. */
  function post(url, data, csrfCookie, keepalive) {
    return fetch(url, {
      method: "POST", credentials: "same-origin", keepalive: Boolean(keepalive),
      headers: headers(csrfCookie, true), body: JSON.stringify(data)
    }).then(function (answer) {
      return answer.text().then(function (text) {
        var body = {};
        try { body = text ? JSON.parse(text) : {}; } catch (error) { body = {}; }
        return { ok: answer.ok, status: answer.status, body: body || {} };
      });
    });
  }

  /* Shows a message in an element that is hidden while empty. */
  function say(element, text) {
    if (!element) { return; }
    element.hidden = !text;
    element.textContent = text || "";
  }

  /* Keeps the latest value on the server while somebody types; retries until it got there. */
  function Draft(options) {
    var timer = null, waiting = false, sending = false, wait = 700;
    function show(text) { if (options.shown) { options.shown.textContent = text; } }
    function send(keepalive) {
      if (!waiting || sending) { return; }
      waiting = false; sending = true;
      post(options.url, options.read(), options.csrfCookie, keepalive).then(function (answer) {
        sending = false;
        if (answer.status >= 500 || answer.status === 429) { throw new Error("busy"); }
        wait = 700;
        show(answer.ok ? options.texts.saved : (answer.body.error || options.texts.notSaved));
        if (waiting) { later(); }
      }).catch(function () {
        sending = false; waiting = true;
        wait = Math.min(wait * 2, 30000);
        show(options.texts.notSaved);
        later();
      });
    }
    function later() { clearTimeout(timer); timer = setTimeout(function () { send(false); }, wait); }
    this.touch = function () { waiting = true; show(options.texts.saving); later(); };
    this.drop = function () { waiting = false; clearTimeout(timer); show(""); };
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden" && waiting) { clearTimeout(timer); send(true); }
    });
  }

  window.MicrocredPage = {
    raw: raw, settings: settings, headers: headers, post: post, say: say, Draft: Draft,
    root: function (element, name) {
      var found = raw(element);
      return found.classList.contains(name) ? found : found.querySelector("." + name);
    },
    tell: function (element, name, detail) {
      element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: detail }));
    }
  };
}());
