/* The form of a micro-unit: searches the catalogue, says what is missing, keeps what is typed, notices other authors. */
(function () {
  "use strict";
  var page = window.MicrocredPage, studio = window.MicrocredStudio, all = studio.all, one = studio.one, fill = studio.fill;
  var KEEP_AFTER = 1500, GUIDE_AFTER = 500;

  window.MicrocredUnitForm = function (runtime, element) {
    var texts, original = null, overwrite = false, dirty = false, sending = 0, starting = true;

    function url(name) { return runtime.handlerUrl(element, name); }
    function studioUrl(path) { return url("studio_submit").replace(/(preview\/)?xblock\/.*$/, "xblock/") + (path || ""); }
    function waivers(found) {
      return all(found, "[data-mcs-waiver]").reduce(function (kept, input) {
        if (input.value.trim()) { kept[input.getAttribute("data-mcs-waiver")] = input.value; }
        return kept;
      }, {});
    }
    function order(found) {
      return all(found, "[data-mcs-part]").map(function (part) { return part.getAttribute("data-mcs-part"); });
    }
    function read(found) {
      return {
        display_name: studio.value(found, "display_name"), estimated_minutes: studio.value(found, "estimated_minutes"),
        weight: studio.value(found, "weight"), layout: studio.picked(found, "layout"),
        starter: studio.picked(found, "starter"), order: order(found), waivers: waivers(found),
        outcome: studio.picked(found, "outcome_mode") === "new" ? {
          mode: "new", statement: studio.value(found, "outcome_statement"), skill_key: studio.value(found, "skill_key"),
          skill_name: found.querySelector("[data-mcs=skill-chooser] input").value,
          new_skill_name: studio.value(found, "new_skill_name")
        } : { mode: "existing", key: studio.value(found, "outcome_key") }
      };
    }
    function submitted(found) {
      var form = read(found);
      form.base = found.getAttribute("data-base");
      form.original = original;
      form.overwrite = overwrite;
      return form;
    }

    /* What this runtime could not create itself is asked of Studio, one after the other to keep the order. */
    function create(category, fields) {
      return page.post(studioUrl(), { parent_locator: root.getAttribute("data-locator"), category: category }).then(function (reply) {
        if (!reply.ok) { throw new Error("not created"); }
        if (!fields || !Object.keys(fields).length) { return null; }
        return page.post(studioUrl(reply.body.locator), { fields: fields }).then(function (filled) {
          if (!filled.ok) { throw new Error("not filled"); }
        });
      });
    }
    function saved(found, body) {
      dirty = false;
      clearTimeout(keepTimer);
      return (body.to_create || []).reduce(function (before, part) {
        return before.then(function () { return create(part.category, part.fields); });
      }, Promise.resolve()).catch(function () {
        var half = new Error("half");
        half.told = texts.half;
        throw half;
      });
    }
    function refused(found, reply) {
      if (!reply.body.conflict) { return; }
      var list = one(found, "conflict-list"), box = one(found, "conflict");
      one(found, "conflict-text").textContent = reply.body.error;
      list.textContent = "";
      reply.body.changes.forEach(function (change) {
        var term = document.createElement("dt");
        term.textContent = change.label;
        list.appendChild(term);
        [[texts.theirs, change.theirs || texts.nothing], [texts.mine, change.mine]].forEach(function (pair) {
          if (!pair[1]) { return; }
          var line = document.createElement("dd");
          line.textContent = fill(pair[0], { text: pair[1] });
          list.appendChild(line);
        });
      });
      page.say(one(found, "message"), "");
      box.hidden = false;
      box.focus();
    }

    var keepTimer = null, guideTimer = null;
    var root = studio.form(runtime, element, submitted, saved, refused);
    texts = JSON.parse(root.getAttribute("data-texts"));
    var formElement = root.querySelector("form"), holder = one(root, "preview-holder");
    var showPreview = window.MicrocredUnitPreview(one(root, "preview"));

    /* What is missing, and the preview, follow what is typed. */
    function ready(done, needed) {
      one(root, "ready").textContent = fill(texts.ready, { done: done, needed: needed });
      var bar = one(root, "bar");
      bar.max = needed || 1;
      bar.value = done;
    }
    function guide() {
      var ticket = sending += 1;
      page.post(url("guide"), { form: read(root), preview: holder.open }).then(function (reply) {
        if (ticket !== sending || !reply.ok) { return; }
        var box = one(root, "guide"), open = box.querySelector("details[open]");
        box.innerHTML = reply.body.html;
        if (open && box.querySelector("details")) { box.querySelector("details").open = true; }
        ready(reply.body.done, reply.body.needed);
        var advice = one(root, "advice");
        if (advice && advice.textContent !== reply.body.advice) { advice.textContent = reply.body.advice; }
        if (reply.body.preview) { showPreview(reply.body.preview); }
      }).catch(function () { return null; });
    }
    function keep(leaving) {
      clearTimeout(keepTimer);
      if (!dirty) { return Promise.resolve(); }
      return page.post(url("save_form_draft"), { form: read(root), base: root.getAttribute("data-base") }, "", leaving).then(function (reply) {
        var said = reply.ok ? (reply.body.saved ? texts.kept : "") : (reply.body.error || texts.notKept);
        one(root, "kept").textContent = said;
      }).catch(function () { one(root, "kept").textContent = texts.notKept; });
    }
    function touched() {
      if (starting) { return; }
      dirty = true;
      clearTimeout(keepTimer);
      clearTimeout(guideTimer);
      keepTimer = setTimeout(function () { keep(false); }, KEEP_AFTER);
      guideTimer = setTimeout(guide, GUIDE_AFTER);
    }
    formElement.addEventListener("input", function (event) { if (event.target.getAttribute("role") !== "combobox") { touched(); } });
    formElement.addEventListener("change", touched);
    holder.addEventListener("toggle", function () { if (holder.open) { guide(); } });
    document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") { keep(true); } });
    window.addEventListener("beforeunload", function (event) {
      if (dirty) { keep(true); event.preventDefault(); event.returnValue = ""; }
    });
    var guideBox = one(root, "guide");
    ready(guideBox.getAttribute("data-done"), guideBox.getAttribute("data-needed"));

    /* Every line of the list leads to what it is about. */
    root.addEventListener("click", function (event) {
      var link = event.target.closest("[data-mcs-target]");
      if (!link) { return; }
      event.preventDefault();
      var target = link.getAttribute("data-mcs-target"), name = target.slice(target.indexOf(":") + 1), found;
      if (target.indexOf("part:") === 0) {
        found = all(root, "[data-mcs-part]").filter(function (part) { return part.getAttribute("data-mcs-part") === name; })[0];
      } else {
        var place = root.querySelector("[data-field=" + name + "]");
        found = place && (all(place, "input,select,textarea,button").filter(function (input) {
          return input.type !== "hidden" && input.type !== "radio" && !input.closest("[hidden]");
        })[0] || place);
      }
      if (found) { found.focus(); }
    });

    /* Leaving: what is typed is kept, and whoever leaves with it is asked once. */
    root.querySelector(".cancel-button").addEventListener("click", function (event) {
      if (!dirty) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      var box = one(root, "leave");
      box.querySelector(".mcs-notice-title").textContent = texts.leave;
      box.hidden = false;
      one(root, "stay").focus();
    }, true);
    one(root, "stay").addEventListener("click", function () {
      one(root, "leave").hidden = true;
      root.querySelector(".cancel-button").focus();
    });
    one(root, "leave-now").addEventListener("click", function () {
      dirty = false;
      clearTimeout(keepTimer);
      page.post(url("drop_form_draft"), {}).catch(function () { return null; }).then(function () {
        if (runtime.notify) { runtime.notify("cancel", {}); }
      });
    });
    one(root, "conflict-theirs").addEventListener("click", function () {
      keep(false).then(function () { dirty = false; window.location.reload(); });
    });
    one(root, "conflict-mine").addEventListener("click", function () {
      overwrite = true;
      one(root, "conflict").hidden = true;
      root.querySelector(".save-button").click();
    });

    /* Parts: their order is saved with the form, their own forms open in this frame. */
    one(root, "parts").addEventListener("click", function (event) {
      var button = event.target.closest("[data-mcs-move]"), edit = event.target.closest("[data-mcs-edit]");
      if (edit) {
        event.preventDefault();
        keep(false).then(function () {
          dirty = false;
          window.location.href = studioUrl(edit.getAttribute("data-mcs-edit") + "/action/edit");
        });
      }
      if (!button) { return; }
      var part = button.closest("[data-mcs-part]"), list = part.parentNode;
      if (button.getAttribute("data-mcs-move") === "up" && part.previousElementSibling) { list.insertBefore(part, part.previousElementSibling); }
      else if (button.getAttribute("data-mcs-move") === "down" && part.nextElementSibling) { list.insertBefore(part.nextElementSibling, part); }
      else { return; }
      button.focus();
      var title = part.querySelector(".mcs-part-title").lastChild.textContent.trim();
      one(root, "moved").textContent = fill(texts.moved, {
        title: title, place: Array.prototype.indexOf.call(list.children, part) + 1, total: list.children.length
      });
      touched();
    });
    root.addEventListener("click", function (event) {
      var add = event.target.closest("[data-mcs-add]");
      if (!add) { return; }
      var category = add.getAttribute("data-mcs-add");
      keep(false).then(function () { return page.post(url("add_part"), { category: category }); }).then(function (reply) {
        if (reply.ok) { return null; }
        if (reply.status !== 409) { throw new Error("refused"); }
        return create(category, null);
      }).then(function () { dirty = false; window.location.reload(); })
        .catch(function () { page.say(one(root, "message"), texts.partFailed); });
    });
    all(root, "[name=starter]").forEach(function (radio) {
      radio.addEventListener("change", function () {
        if (radio.getAttribute("data-minutes")) { studio.field(root, "estimated_minutes").value = radio.getAttribute("data-minutes"); }
      });
    });

    /* Below here only sites with badges. */
    var putBackOutcome = one(root, "outcome-chooser") ? window.MicrocredUnitOutcome(root, texts, url, touched) : null;
    original = read(root);
    restore();
    starting = false;

    /* A draft upon the same state is put back at once; one upon an older state waits for its author's word. */
    function restore() {
      var draft = JSON.parse(root.getAttribute("data-draft") || "null");
      if (!draft) { return; }
      var box = one(root, "draft"), use = one(root, "draft-use");
      var when = new Date(draft.saved_at).toLocaleString(document.documentElement.lang || undefined);
      box.hidden = false;
      one(root, "draft-text").textContent = fill(draft.stale ? texts.stale : texts.restored, { when: when });
      use.hidden = !draft.stale;
      if (!draft.stale) { putBack(draft.form); }
      use.addEventListener("click", function () {
        putBack(draft.form);
        box.hidden = true;
        studio.field(root, "display_name").focus();
      });
      one(root, "draft-drop").addEventListener("click", function () {
        dirty = false;
        page.post(url("drop_form_draft"), {}).catch(function () { return null; }).then(function () { window.location.reload(); });
      });
    }
    function putBack(form) {
      ["display_name", "estimated_minutes", "weight"].forEach(function (name) {
        if (typeof form[name] === "string") { studio.field(root, name).value = form[name]; }
      });
      ["layout", "starter"].forEach(function (name) {
        all(root, "[name=" + name + "]").forEach(function (radio) { if (radio.value === form[name]) { radio.checked = true; } });
      });
      var wanted = Array.isArray(form.order) ? form.order : [], places = {};
      wanted.forEach(function (name, place) { places[name] = place; });
      /* A part that was added meanwhile comes last, as when the form is saved. */
      all(root, "[data-mcs-part]").sort(function (a, b) {
        function place(part) { var found = places[part.getAttribute("data-mcs-part")]; return found === undefined ? wanted.length : found; }
        return place(a) - place(b);
      }).forEach(function (part) { part.parentNode.appendChild(part); });
      all(root, "[data-mcs-waiver]").forEach(function (input) {
        var kept = (form.waivers || {})[input.getAttribute("data-mcs-waiver")];
        if (typeof kept === "string") { input.value = kept; }
      });
      if (putBackOutcome) { putBackOutcome(form.outcome || {}); }
      dirty = true;
      guide();
    }
  };
}());
