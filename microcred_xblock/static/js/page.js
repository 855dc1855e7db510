/* What the scripts of all three blocks share: finding their element, asking handlers, keeping drafts safe. */
(function () {
  "use strict";
  if (window.MicrocredPage) { return; }
  var DAYS_KEPT = 30, LONGEST_WAIT = 30000, asked = 0;

  function cookie(name) {
    var found = document.cookie.split("; ").filter(function (pair) { return pair.indexOf(name + "=") === 0; })[0];
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  /* Studio hands a jQuery object, the LMS an element. */
  function raw(element) { return element && element.nodeType ? element : element[0]; }

  /* The unit around a block says who is looking and has the sentences that all blocks need. */
  var shared = { who: "", signIn: "", texts: {} };
  function settings(root) {
    var found = JSON.parse(root.getAttribute("data-settings") || "{}"), unit = root.closest(".mc-unit");
    if (unit) {
      var around = unit === root ? found : JSON.parse(unit.getAttribute("data-settings") || "{}");
      shared = { who: around.who || "", signIn: around.signIn || "", texts: around.shared || {} };
    }
    return found;
  }

  function headers(csrfCookie, json) {
    var sent = { "X-CSRFToken": cookie(csrfCookie || "csrftoken"), "Accept": "application/json", "X-Requested-With": "XMLHttpRequest" };
    if (json) { sent["Content-Type"] = "application/json"; }
    if (shared.who) { sent["X-Microcred-For"] = shared.who; }
    return sent;
  }

  /* Resolves with {ok, status, body, signedOut, turn}; body is {} when the answer is not JSON; turn says as which it was
     asked, as answers overtake each other. Rejects only without a connection. Our own refusals carry a code: a 403 without one is the platform's, whose session has ended. */
  function post(url, data, csrfCookie, keepalive) {
    var turn = asked += 1;
    return fetch(url, {
      method: "POST", credentials: "same-origin", keepalive: Boolean(keepalive),
      headers: headers(csrfCookie, true), body: JSON.stringify(data)
    }).then(function (answer) {
      return answer.text().then(function (text) {
        var body = {}, json = true;
        try { body = text ? JSON.parse(text) : {}; } catch (error) { json = false; }
        body = body || {};
        var signedOut = answer.status === 401 || (answer.status === 403 && !body.code) || (answer.redirected && !json);
        if (signedOut) { body = { error: shared.texts.signedOut || body.error }; }
        return { ok: answer.ok && !signedOut, status: answer.status, body: body, signedOut: signedOut, turn: turn };
      });
    });
  }

  /* A message, hidden while empty; with a way to sign in where that is missing. */
  function say(element, text, signedOut) {
    if (!element) { return; }
    element.hidden = !text;
    element.textContent = text || "";
    if (!text || !signedOut || !shared.signIn) { return; }
    var link = document.createElement("a");
    link.className = "mc-link";
    link.href = shared.signIn;
    link.target = "_blank";
    link.textContent = shared.texts.signIn;
    element.appendChild(document.createTextNode(" "));
    element.appendChild(link);
  }

  function announce(root, text) {
    var unit = root.closest(".mc-unit"), live = unit && unit.querySelector("[data-mc=live]");
    if (live) { live.textContent = text; }
  }

  /* Copies on this device, until the server has them. Only their writer's: the key holds who that is. */
  var copies = {
    read: function (key) {
      try {
        var copy = JSON.parse(localStorage.getItem(key));
        if (copy && Date.now() - copy.at < DAYS_KEPT * 864e5) { return copy; }
        localStorage.removeItem(key);
      } catch (error) { return null; }
      return null;
    },
    write: function (key, copy) { try { localStorage.setItem(key, JSON.stringify(copy)); } catch (error) { /* full or forbidden */ } },
    drop: function (key) { try { localStorage.removeItem(key); } catch (error) { /* forbidden */ } }
  };

  /* Again, after longer and longer waits; at once when the connection or the reader is back. */
  function Retry(again) {
    var timer = null, wait = 1000, waits = false;
    function now() { if (waits) { waits = false; clearTimeout(timer); again(); } }
    this.later = function () {
      waits = true;
      clearTimeout(timer);
      timer = setTimeout(now, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
    this.done = function () { waits = false; wait = 1000; clearTimeout(timer); };
    window.addEventListener("online", now);
    document.addEventListener("visibilitychange", function () { if (document.visibilityState === "visible") { now(); } });
  }

  /* Keeps the latest value on the server while somebody types, and a copy on this device until it got there.
     options: url, read() → draft, fill(draft), root, shown, texts, csrfCookie, mark of the draft the page came with. */
  function Draft(options) {
    var timer = null, waiting = false, sending = false, asks = null;
    var mark = options.mark, base = null, root = options.root;
    var key = shared.who && root ? "microcred:" + shared.who + ":" + root.id : "";
    var retry = new Retry(function () { send(false); });
    function show(text, signedOut) {
      if (!options.shown) { return; }
      options.shown.textContent = text;
      if (signedOut && options.shown.nodeType) { say(options.shown, text, true); options.shown.hidden = false; }
    }
    function stuck(text, signedOut) {
      waiting = true;
      show(text, signedOut);
      if (root) { announce(root, text); }
      retry.later();
    }
    function send(keepalive) {
      if (!waiting || sending || asks) { return; }
      waiting = false; sending = true;
      var sent = options.read(), body = Object.assign({}, sent, mark ? { mark: mark } : {});
      post(options.url, body, options.csrfCookie, keepalive).then(function (answer) {
        sending = false;
        if (answer.signedOut) { stuck(answer.body.error || options.texts.notSaved, true); return; }
        if (answer.status >= 500 || answer.status === 429) { throw new Error("busy"); }
        retry.done();
        if (answer.status === 409 && answer.body.code === "draft_overtaken") { ask(answer.body); return; }
        if (answer.ok) {
          if (answer.body.mark) { mark = answer.body.mark; }
          base = null;
          if (!waiting && key) { copies.drop(key); }
        }
        show(answer.ok ? options.texts.saved : (answer.body.error || options.texts.notSaved));
        if (waiting) { later(); }
      }).catch(function () {
        sending = false;
        stuck(options.texts.notSaved);
      });
    }
    function later() { clearTimeout(timer); timer = setTimeout(function () { send(false); }, 700); }
    function keep() {
      base = base || mark;
      if (key) { copies.write(key, { draft: options.read(), mark: base, at: Date.now() }); }
    }

    /* Another window wrote in between: both are shown, nothing is overwritten until one is chosen. */
    function ask(found) {
      asks = document.createElement("div");
      asks.className = "mc-overtaken";
      asks.setAttribute("role", "alert");
      function add(name, tag, text) {
        var made = document.createElement(tag);
        made.className = name;
        made.textContent = text;
        asks.appendChild(made);
        return made;
      }
      function choose(taken) {
        mark = found.mark;
        asks.remove();
        asks = null;
        if (taken) { options.fill(found.draft); waiting = false; base = null; if (key) { copies.drop(key); } show(options.texts.saved); }
        else { waiting = true; send(false); }
        var field = root.querySelector("textarea, input:not([type=file])");
        if (field) { field.focus(); }
      }
      add("mc-overtaken-text", "p", found.error);
      add("mc-quote", "blockquote", found.shown || "—");
      var row = add("mc-actions", "div", "");
      [[shared.texts.takeOther, true], [shared.texts.keepMine, false]].forEach(function (choice) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "mc-button mc-quiet";
        button.textContent = choice[0];
        button.addEventListener("click", function () { choose(choice[1]); });
        row.appendChild(button);
      });
      show("");
      (root.querySelector("[data-mc=form]") || root).appendChild(asks);
    }

    this.touch = function () { waiting = true; show(options.texts.saving); keep(); later(); };
    this.drop = function () { waiting = false; clearTimeout(timer); retry.done(); show(""); };
    /* What was typed has been handed in or answered: no copy is needed any more. */
    this.forget = function () { this.drop(); if (key) { copies.drop(key); } };
    window.addEventListener("pagehide", function () { if (waiting) { clearTimeout(timer); send(true); } });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden" && waiting) { clearTimeout(timer); send(true); }
    });

    var copy = key && options.fill ? copies.read(key) : null;
    if (!copy) { return; }
    if (JSON.stringify(copy.draft) === JSON.stringify(options.read())) { copies.drop(key); return; }
    mark = base = copy.mark;
    options.fill(copy.draft);
    waiting = true;
    show(shared.texts.restored || options.texts.saving);
    announce(root, shared.texts.restored || "");
    later();
  }

  window.MicrocredPage = {
    raw: raw, settings: settings, headers: headers, asked: function () { return asked; }, post: post, say: say, announce: announce, Draft: Draft, Retry: Retry,
    root: function (element, name) {
      var found = raw(element);
      return found.classList.contains(name) ? found : found.querySelector("." + name);
    },
    tell: function (element, name, detail) {
      element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: detail }));
    }
  };
}());
