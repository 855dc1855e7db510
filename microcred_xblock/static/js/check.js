/* A quick check: keeps the draft, sends the answer once, shows what came back. */
window.MicrocredCheck = function (runtime, element) {
  "use strict";
  var page = window.MicrocredPage, root = page.root(element, "mc-check");
  var set = page.settings(root), attempt = set.attempt, busy = false;
  function part(name) { return root.querySelector("[data-mc=" + name + "]"); }
  var form = part("form");
  if (!form) { return; }
  var fieldset = part("fieldset"), submit = part("submit");

  function answer() {
    var inputs = Array.prototype.slice.call(fieldset.querySelectorAll("input"));
    if (root.dataset.type === "number" || root.dataset.type === "text") { return inputs[0].value; }
    var chosen = inputs.filter(function (input) { return input.checked; }).map(function (input) { return input.value; });
    return root.dataset.type === "multiple" ? chosen : (chosen[0] || "");
  }

  function fill(kept) {
    var given = [].concat(kept.answer === null || kept.answer === undefined ? [] : kept.answer);
    Array.prototype.slice.call(fieldset.querySelectorAll("input")).forEach(function (input) {
      if (input.type === "text") { input.value = given[0] || ""; }
      else { input.checked = given.indexOf(input.value) >= 0; }
    });
  }

  if (fieldset.disabled) { return; }
  var draft = new page.Draft({
    url: runtime.handlerUrl(element, "save_draft"), csrfCookie: set.csrfCookie, texts: set.texts,
    shown: part("saved"), read: function () { return { answer: answer() }; }, root: root, mark: set.mark, fill: fill
  });
  fieldset.addEventListener("input", function () { page.say(part("error"), ""); draft.touch(); });

  function show(body) {
    attempt = body.attempt;
    part("result").innerHTML = body.result_html;
    part("attempts").textContent = body.attempts;
    if (body.closed) {
      fieldset.disabled = true;
      part("actions").hidden = true;
      part("result").focus();
    }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (busy || fieldset.disabled) { return; }
    busy = true;
    draft.drop();
    submit.setAttribute("aria-disabled", "true");
    page.say(part("error"), "");
    page.post(runtime.handlerUrl(element, "submit"), { answer: answer(), attempt: attempt + 1 }, set.csrfCookie).then(function (reply) {
      if (reply.body.result_html !== undefined) { draft.forget(); show(reply.body); }
      page.say(part("error"), reply.ok ? (reply.body.notice || "") : (reply.body.error || set.texts.failed), reply.signedOut);
      if (reply.body.progress) { page.tell(root, "microcred:progress", reply.body.progress); }
    }).catch(function () {
      page.say(part("error"), set.texts.failed);
    }).then(function () {
      busy = false;
      submit.removeAttribute("aria-disabled");
    });
  });
};
