/* A micro-unit: one step at a time, progress as it happens, the badge the moment it is earned. */
window.MicrocredUnit = function (runtime, element) {
  "use strict";
  var page = window.MicrocredPage, root = page.root(element, "mc-unit");
  var set = page.settings(root), inSteps = root.dataset.layout === "steps", timer = null, onward = 0, newest = 0, drawn = 0;
  function part(name) { return root.querySelector("[data-mc=" + name + "]"); }
  function all(selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }
  function post(name, data) { return page.post(runtime.handlerUrl(element, name), data, set.csrfCookie); }
  function each(name, value, act) {
    all("[" + name + "]").forEach(function (one) { if (one.getAttribute(name) === value) { act(one); } });
  }
  function live(text) { part("live").textContent = text; }
  var steps = all("[data-mc-step]");
  function key(step) { return step.getAttribute("data-mc-step"); }
  function place() { return steps.findIndex(function (step) { return !step.hidden; }); }
  function placeOf(wanted) { return steps.findIndex(function (step) { return key(step) === wanted; }); }
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

  /* Changes only what differs, and never what somebody is in the middle of, unless it was their own doing. */
  function swap(name, html) {
    var region = part(name), made = document.createElement("div");
    made.innerHTML = html;
    if (!region || region.innerHTML === made.innerHTML) { return; }
    if (region.contains(document.activeElement) && !root.dataset.redraw) { return; }
    region.innerHTML = html;
  }

  /* Of answers that were under way together none may know what the others did: then it is asked once more. */
  function take(progress, turn) {
    var together = turn <= drawn;
    if (turn > newest) {
      newest = turn;
      drawn = page.asked();
      draw(progress);
    }
    if (together) { refresh(); }
  }

  function draw(progress) {
    var known = awards(), bar = root.querySelector(".mc-head .mc-bar");
    bar.max = progress.total || 1;
    bar.value = progress.done;
    part("sentence").textContent = progress.sentence;
    if (part("left")) { part("left").textContent = progress.left || ""; }
    if (part("due") && progress.complete) { part("due").hidden = true; }
    progress.parts.forEach(function (entry) {
      each("data-mc-state", entry.usage_key, function (label) {
        label.textContent = entry.label;
        label.dataset.state = entry.state;
      });
      each("data-mc-go", entry.usage_key, function (button) { button.dataset.state = entry.state; });
      var step = steps[placeOf(entry.usage_key)], was = step && step.dataset.state;
      if (!step) { return; }
      step.dataset.state = entry.state;
      var seen = step.querySelector("[data-mc-seen]");
      if (seen && entry.state === "done") { seen.parentNode.hidden = true; }
      if (was === "in_review" && entry.state !== "in_review") {
        all(".mc-evidence").forEach(function (evidence) {
          if (step.contains(evidence)) { evidence.dispatchEvent(new CustomEvent("microcred:refresh")); }
        });
      }
    });
    if (awards().length !== progress.earned.length) { root.dataset.redraw = "yes"; }
    swap("fruits", progress.html);
    delete root.dataset.redraw;
    turn();
    watch(progress);
    announce(progress, known);
    lookOnward(progress);
  }

  /* What the unit counts towards is asked apart, so nobody waits for it. */
  function lookOnward(progress) {
    var now = (progress.complete ? 1 : 0) + progress.earned.length;
    if (now === onward) { return; }
    onward = now;
    post("onward", {}).then(function (reply) {
      if (!reply.ok) { return; }
      swap("onward-next", reply.body.next);
      swap("onward-counts", reply.body.counts);
    }).catch(function () { onward = -1; });
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
      if (reply.ok) { take(reply.body, reply.turn); }
    }).catch(function () { timer = setTimeout(look, set.poll * 1000); });
  }

  /* Viewing counts a moment later: ask then, a few times. */
  function afterView(step, tries) {
    if (set.byView || !set.saves || step.dataset.kind !== "content" || step.dataset.state !== "todo" || tries < 1) { return; }
    setTimeout(function () {
      if (step.hidden || step.dataset.state !== "todo") { return; }
      refresh().then(function () { afterView(step, tries - 1); });
    }, set.viewDelay + 1500);
  }

  /* Where the learner is and what they passed, in one letter that is sent until it arrives. */
  var letter = null, sending = false, retry = new page.Retry(send);
  function keep(to, seen) {
    if (!set.saves) { return; }
    var before = letter ? letter.seen : [];
    letter = { to: to || (letter ? letter.to : ""), seen: before.concat(seen.filter(function (one) { return before.indexOf(one) < 0; })) };
    send();
  }
  function send() {
    if (!letter || sending) { return; }
    var sent = letter;
    sending = true;
    post("go_to", sent).then(function (reply) {
      sending = false;
      if (reply.status >= 500 || reply.status === 429 || reply.signedOut) { trouble(reply); return; }
      retry.done();
      if (letter === sent) { letter = null; } else { send(); }
      page.say(part("error"), reply.ok ? "" : reply.body.error);
      part("kept").textContent = reply.ok ? set.texts.saved : "";
      if (reply.ok) { take(reply.body, reply.turn); }
    }).catch(function () { sending = false; trouble({}); });
  }
  function trouble(reply) {
    part("kept").textContent = "";
    page.say(part("error"), reply.signedOut ? reply.body.error : set.texts.failed, reply.signedOut);
    retry.later();
  }

  function open(at) {
    var from = steps[place()], to = steps[at], passed = at > place() && from.dataset.kind === "content";
    if (!to) { return; }
    var title = to.querySelector(".mc-step-title");
    if (!inSteps || to === from) {
      title.focus();
      title.scrollIntoView({ block: "start" });
      return;
    }
    from.hidden = true;
    to.hidden = false;
    all("[data-mc-go][aria-current]").forEach(function (button) { button.removeAttribute("aria-current"); });
    each("data-mc-go", key(to), function (button) { button.setAttribute("aria-current", "step"); });
    live(set.texts.stepOf.replace("{number}", at + 1).replace("{total}", steps.length).replace("{title}", title.textContent.trim()));
    title.focus();
    turn();
    keep(key(to), passed ? [key(from)] : []);
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
        each("data-mc-award", award, function (card) { (card.querySelector("input") || card.querySelector(".mc-earned-title")).focus(); });
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

  /* A refresher begins and ends with checks in another state: the page is read anew. */
  function refresher(button) {
    button.disabled = true;
    post(button.getAttribute("data-mc-refresh"), {}).then(function (reply) {
      if (reply.ok) { window.location.reload(); return; }
      button.disabled = false;
      page.say(part("error"), reply.body.error || set.texts.failedHere, reply.signedOut);
    }).catch(function () { button.disabled = false; page.say(part("error"), set.texts.failedHere); });
  }

  /* The platform opens links around the frame; those within the page stay here. */
  function inside(link, event) {
    var name = (link.getAttribute("href") || "").charAt(0) === "#" ? decodeURIComponent(link.getAttribute("href").slice(1)) : "";
    var target = name && document.getElementById(name);
    if (!target) { return; }
    event.preventDefault();
    var step = target.closest("[data-mc-step]");
    if (step && step.hidden) { open(steps.indexOf(step)); }
    target.scrollIntoView({ block: "start" });
    if (!target.hasAttribute("tabindex")) { target.setAttribute("tabindex", "-1"); }
    target.focus();
  }

  root.addEventListener("click", function (event) {
    var go = event.target.closest("[data-mc-go],[data-mc-on],[data-mc=next],[data-mc=back],[data-mc-seen],[data-mc-share],[data-mc-copy],[data-mc-refresh],a[href^='#']");
    if (!go || !root.contains(go)) { return; }
    if (go.hasAttribute("data-mc-go")) { open(placeOf(go.getAttribute("data-mc-go"))); }
    else if (go.hasAttribute("data-mc-on")) {
      all("[data-mc=welcome]").forEach(function (strip) { strip.hidden = true; });
      open(placeOf(go.getAttribute("data-mc-on")));
    } else if (go.hasAttribute("data-mc-seen")) {
      event.preventDefault();
      keep(inSteps ? go.getAttribute("data-mc-seen") : "", [go.getAttribute("data-mc-seen")]);
    } else if (go.hasAttribute("data-mc-share")) { share(go); }
    else if (go.hasAttribute("data-mc-copy")) { copy(go); }
    else if (go.hasAttribute("data-mc-refresh")) { refresher(go); }
    else if (go.hasAttribute("href")) { inside(go, event); }
    else { open(place() + (go.getAttribute("data-mc") === "next" ? 1 : -1)); }
  });
  root.addEventListener("microcred:progress", function (event) {
    event.stopPropagation();
    if (event.detail.body.progress) { take(event.detail.body.progress, event.detail.turn); }
  });

  onward = awards().length + (root.dataset.complete ? 1 : 0);
  root.dataset.ready = "yes";
  turn();
  if (set.saves && root.querySelector("[data-mc-step][data-state=in_review],[data-mc-unsigned]")) {
    timer = setTimeout(look, set.poll * 1000);
  }
  if (inSteps) { if (steps.length) { afterView(steps[Math.max(0, place())], 3); } }
  else { steps.forEach(function (step) { afterView(step, 3); }); }
};
