/* A quick check: keeps the draft, sends what was pressed once, shows what came back. */
window.MicrocredCheck = function (runtime, element) {
  "use strict";
  var page = window.MicrocredPage, root = page.root(element, "mc-check");
  var set = page.settings(root), attempt = set.attempt, hints = set.hints, busy = false;
  function part(name) { return root.querySelector("[data-mc=" + name + "]"); }
  var form = part("form");
  if (!form) { return; }
  var fieldset = part("fieldset"), list = part("order"), type = root.dataset.type;

  function answer() {
    var inputs = Array.prototype.slice.call(fieldset.querySelectorAll("[data-mc-answer]")), map = {};
    if (type === "match" || type === "gaps") {
      inputs.forEach(function (input) { map[input.getAttribute("data-mc-answer")] = input.value; });
      return map;
    }
    if (type === "number" || type === "text") { return inputs[0].value; }
    var values = inputs.filter(function (input) { return type === "order" || input.checked; }).map(function (input) { return input.value; });
    return type === "single" ? (values[0] || "") : values;
  }

  /* Puts a kept draft back into the page, whatever the type. */
  function fill(kept) {
    var given = kept.answer, many = [].concat(given === null || given === undefined ? [] : given);
    Array.prototype.slice.call(fieldset.querySelectorAll("[data-mc-answer]")).forEach(function (input) {
      if (type === "match" || type === "gaps") { input.value = (given || {})[input.getAttribute("data-mc-answer")] || ""; }
      else if (type === "order") { return; }
      else if (input.type === "text") { input.value = many[0] || ""; }
      else { input.checked = many.indexOf(input.value) >= 0; }
    });
    if (type === "order") {
      many.forEach(function (token) {
        Array.prototype.slice.call(list.children).forEach(function (item) {
          if (item.querySelector("[data-mc-answer]").value === token) { list.appendChild(item); }
        });
      });
    }
  }

  if (fieldset.disabled) { return; }
  var draft = new page.Draft({
    url: runtime.handlerUrl(element, "save_draft"), csrfCookie: set.csrfCookie, texts: set.texts,
    shown: part("saved"), read: function () { return { answer: answer() }; }, root: root, mark: set.mark, fill: fill
  });
  function touched() { page.say(part("error"), ""); draft.touch(); }
  fieldset.addEventListener("input", touched);

  function label(name, text) { var button = part(name); button.hidden = !text; button.textContent = text; }

  function show(body) {
    attempt = body.attempt;
    hints = body.hints_used;
    part("attempt").value = attempt + 1;
    part("hint").value = "hint:" + (hints + 1);
    part("result").innerHTML = body.result_html;
    part("hints").innerHTML = body.hints_html;
    part("attempts").textContent = body.attempts;
    label("hint", body.next.hint_button);
    label("reveal", body.next.answer_button);
    fieldset.disabled = body.closed;
    part("actions").hidden = body.closed;
    if (body.closed) { part("result").focus(); }
  }

  /* Things to put in order trade places in the page; without a script the server does it. */
  function move(button, step) {
    var item = button.closest("li"), other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other || fieldset.disabled) { return; }
    list.insertBefore(step < 0 ? item : other, step < 0 ? other : item);
    var items = Array.prototype.slice.call(list.children);
    items.forEach(function (one, place) {
      one.querySelectorAll("button").forEach(function (edge, side) {
        edge.setAttribute("aria-disabled", String(place === (side ? items.length - 1 : 0)));
      });
    });
    button.focus();
    part("moved").textContent = set.texts.moved.replace("{thing}", item.getAttribute("data-mc-thing"))
      .replace("{number}", items.indexOf(item) + 1).replace("{total}", items.length);
    touched();
  }

  function send(button, handler, data) {
    if (busy) { return; }
    busy = true;
    if (handler === "submit") { draft.drop(); }
    button.setAttribute("aria-disabled", "true");
    page.say(part("error"), "");
    page.post(runtime.handlerUrl(element, handler), data, set.csrfCookie).then(function (reply) {
      if (reply.body.result_html !== undefined) {
        if (handler === "submit") { draft.forget(); }
        show(reply.body);
      }
      page.say(part("error"), reply.ok ? (reply.body.notice || "") : (reply.body.error || set.texts.failed), reply.signedOut);
      if (reply.body.progress) { page.tell(root, "microcred:progress", reply); }
    }).catch(function () {
      page.say(part("error"), set.texts.failed);
    }).then(function () {
      busy = false;
      button.removeAttribute("aria-disabled");
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var button = event.submitter || part("submit"), wish = button.value.split(":")[0];
    if (wish === "up" || wish === "down") { move(button, wish === "up" ? -1 : 1); }
    else if (wish === "hint") { send(button, "show_hint", { hint: hints + 1 }); }
    else if (wish === "answer") { send(button, "show_answer", {}); }
    else if (wish === "give") { button.hidden = true; send(button, "give_attempt", {}); }
    else if (!fieldset.disabled) { send(button, "submit", { answer: answer(), attempt: attempt + 1 }); }
  });
};
