/* A micro-unit: one step at a time, progress as it happens, the badge the moment it is earned. */
window.MicrocredUnit = function (runtime, element) {
  "use strict";
  var page = window.MicrocredPage, root = page.root(element, "mc-unit");
  var set = page.settings(root), inSteps = root.dataset.layout === "steps", timer = null;
  function part(name) { return root.querySelector("[data-mc=" + name + "]"); }
  function all(selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }
  function post(name, data) { return page.post(runtime.handlerUrl(element, name), data, set.csrfCookie); }
  function live(text) { part("live").textContent = text; }
  var steps = all("[data-mc-step]");
  function key(step) { return step.getAttribute("data-mc-step"); }
  function place() { return steps.findIndex(function (step) { return !step.hidden; }); }
  function awards() { return all("[data-mc-award]").map(function (card) { return card.getAttribute("data-mc-award"); }); }
  function isOpen(step) { return step.dataset.state === "todo" || step.dataset.state === "returned"; }

  /* One primary button at a time: the step's own while it is to do, "Continue" after it. */
  function turn() {
    var next = part("next"), at = place();
    if (!next) { return; }
    part("back").hidden = at <= 0;
    next.hidden = at >= steps.length - 1;
    var own = steps[at] && steps[at].dataset.kind !== "content" && isOpen(steps[at]);
    next.classList.toggle("mc-primary", !own);
    next.classList.toggle("mc-quiet", Boolean(own));
  }

  function draw(progress) {
    var known = awards(), bar = root.querySelector(".mc-head .mc-bar"), was = {};
    bar.max = progress.total || 1;
    bar.value = progress.done;
    part("sentence").textContent = progress.sentence;
    progress.parts.forEach(function (entry) {
      all("[data-mc-state]").forEach(function (label) {
        if (label.getAttribute("data-mc-state") !== entry.usage_key) { return; }
        label.textContent = entry.label;
        label.dataset.state = entry.state;
      });
      all("[data-mc-go]").forEach(function (button) {
        if (button.getAttribute("data-mc-go") === entry.usage_key) { button.dataset.state = entry.state; }
      });
      steps.forEach(function (step) {
        if (key(step) !== entry.usage_key) { return; }
        was[entry.usage_key] = step.dataset.state;
        step.dataset.state = entry.state;
        var seen = step.querySelector("[data-mc-seen]");
        if (seen && entry.state === "done") { seen.parentNode.hidden = true; }
        if (was[entry.usage_key] === "in_review" && entry.state !== "in_review") {
          all(".mc-evidence").forEach(function (evidence) {
            if (step.contains(evidence)) { evidence.dispatchEvent(new CustomEvent("microcred:refresh")); }
          });
        }
      });
    });
    if (part("fruits").innerHTML !== progress.html && !part("fruits").contains(document.activeElement)) {
      part("fruits").innerHTML = progress.html;
    } else if (awards().length !== progress.earned.length || root.dataset.redraw) {
      part("fruits").innerHTML = progress.html;
    }
    delete root.dataset.redraw;
    turn();
    watch(progress);
    announce(progress, known);
  }

  function announce(progress, known) {
    var fresh = all("[data-mc-award]").filter(function (card) {
      return known.indexOf(card.getAttribute("data-mc-award")) < 0;
    })[0];
    if (!fresh) { live(progress.sentence); return; }
    var title = fresh.querySelector(".mc-earned-title");
    fresh.classList.add("mc-fresh");
    live(title.textContent.trim());
    title.focus();
    title.scrollIntoView({ block: "center" });
  }

  /* While something is in review or being signed, look again now and then, if anybody is looking. */
  function watch(progress) {
    clearTimeout(timer);
    var waits = progress.parts.some(function (entry) { return entry.state === "in_review"; }) ||
      progress.earned.some(function (badge) { return !badge.issued && !badge.revoked; });
    if (waits) { timer = setTimeout(look, set.poll * 1000); }
  }
  function look() {
    if (document.visibilityState !== "visible") { timer = setTimeout(look, set.poll * 1000); return; }
    refresh();
  }
  function refresh() {
    return post("progress", {}).then(function (reply) {
      if (reply.ok) { draw(reply.body); }
    }).catch(function () { timer = setTimeout(look, set.poll * 1000); });
  }

  /* Content the platform counts by viewing is counted a moment after it was in view: ask then, a few times. */
  function afterView(step, tries) {
    if (set.byView || !set.saves || step.dataset.kind !== "content" || step.dataset.state !== "todo" || tries < 1) { return; }
    setTimeout(function () {
      if (step.hidden || step.dataset.state !== "todo") { return; }
      refresh().then(function () { afterView(step, tries - 1); });
    }, set.viewDelay + 1500);
  }

  function keep(to, seen, tries) {
    if (!set.saves) { return; }
    post("go_to", { to: to, seen: seen }).then(function (reply) {
      if (reply.status >= 500) { throw new Error("busy"); }
      page.say(part("error"), reply.ok ? "" : reply.body.error);
      if (reply.ok) { draw(reply.body); }
    }).catch(function () {
      page.say(part("error"), set.texts.failed);
      if (tries > 0) { setTimeout(function () { keep(to, seen, tries - 1); }, 5000); }
    });
  }

  function open(at) {
    var from = steps[place()], to = steps[at], passed = at > place() && from.dataset.kind === "content";
    if (!to || to === from) { return; }
    from.hidden = true;
    to.hidden = false;
    all("[data-mc-go]").forEach(function (button) {
      if (button.getAttribute("data-mc-go") === key(to)) { button.setAttribute("aria-current", "step"); }
      else { button.removeAttribute("aria-current"); }
    });
    var title = to.querySelector(".mc-step-title");
    live(set.texts.stepOf.replace("{number}", at + 1).replace("{total}", steps.length).replace("{title}", title.textContent.trim()));
    title.focus();
    turn();
    keep(key(to), passed ? [key(from)] : [], 3);
    /* Videos, formulas and the platform's view counter measure themselves again. */
    window.dispatchEvent(new Event("resize"));
    afterView(to, 3);
  }

  function share(button) {
    var address = new URL(button.getAttribute("data-mc-share"), window.location.href);
    button.disabled = true;
    page.post(address.origin === window.location.origin ? address.href : address.pathname, {}, set.csrfCookie).then(function (reply) {
      if (!reply.ok) { throw new Error("refused"); }
      root.dataset.redraw = "yes";
      var award = button.closest("[data-mc-award]").getAttribute("data-mc-award");
      return refresh().then(function () {
        var card = all("[data-mc-award]").filter(function (found) { return found.getAttribute("data-mc-award") === award; })[0];
        if (card) { (card.querySelector("input") || card.querySelector(".mc-earned-title")).focus(); }
      });
    }).catch(function () { button.disabled = false; page.say(part("error"), set.texts.shareFailed); });
  }

  function copy(button) {
    var input = document.getElementById(button.getAttribute("data-mc-copy"));
    input.select();
    if (!navigator.clipboard) { live(set.texts.copyByHand); return; }
    navigator.clipboard.writeText(input.value).then(function () { live(set.texts.copied); },
      function () { live(set.texts.copyByHand); });
  }

  root.addEventListener("click", function (event) {
    var go = event.target.closest("[data-mc-go],[data-mc=next],[data-mc=back],[data-mc-seen],[data-mc-share],[data-mc-copy]");
    if (!go || !root.contains(go)) { return; }
    if (go.hasAttribute("data-mc-go")) {
      open(steps.findIndex(function (step) { return key(step) === go.getAttribute("data-mc-go"); }));
    } else if (go.hasAttribute("data-mc-seen")) {
      keep(inSteps ? go.getAttribute("data-mc-seen") : "", [go.getAttribute("data-mc-seen")], 3);
    } else if (go.hasAttribute("data-mc-share")) { share(go); }
    else if (go.hasAttribute("data-mc-copy")) { copy(go); }
    else { open(place() + (go.getAttribute("data-mc") === "next" ? 1 : -1)); }
  });
  root.addEventListener("microcred:progress", function (event) {
    event.stopPropagation();
    if (event.detail) { draw(event.detail); }
  });

  turn();
  if (set.saves && root.querySelector("[data-mc-step][data-state=in_review],[data-mc-unsigned]")) {
    timer = setTimeout(look, set.poll * 1000);
  }
  if (inSteps) { if (steps.length) { afterView(steps[Math.max(0, place())], 3); } }
  else { steps.forEach(function (step) { afterView(step, 3); }); }
};
