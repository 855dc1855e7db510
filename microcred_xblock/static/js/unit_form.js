/* The form of a micro-unit: searches the catalogue, says what is missing, keeps what is typed, notices other authors. */
(function () {
  "use strict";
  var page = window.MicrocredPage, studio = window.MicrocredStudio, all = studio.all;
  var KEEP_AFTER = 1500, GUIDE_AFTER = 500, TALLEST = 640;

  function one(root, name) { return root.querySelector("[data-mcs=" + name + "]"); }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }

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
    var formElement = root.querySelector("form"), preview = frame(one(root, "preview")), holder = one(root, "preview-holder");

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
    /* A frame that runs no scripts, whatever is shown in it; its own origin only so that its height can be read. */
    function frame(place) {
      var made = document.createElement("iframe");
      made.className = "mcs-preview";
      made.setAttribute("sandbox", "allow-same-origin");
      made.title = place.getAttribute("data-title");
      place.appendChild(made);
      return made;
    }
    function showPreview(html) {
      var styles = all(document, "link[rel=stylesheet]").filter(function (link) { return /microcred/.test(link.href); });
      var head = document.createElement("head");
      styles.forEach(function (link) {
        var copy = document.createElement("link");
        copy.rel = "stylesheet";
        copy.href = link.href;
        head.appendChild(copy);
      });
      preview.onload = function () {
        preview.style.blockSize = Math.min(preview.contentDocument.documentElement.scrollHeight + 8, TALLEST) + "px";
      };
      preview.srcdoc = "<!doctype html><html lang='" + document.documentElement.lang + "' dir='" +
        (document.documentElement.dir || "ltr") + "'><head><title>" + preview.title.replace(/</g, "") + "</title>" + head.innerHTML +
        "</head><body inert class='microcred-preview'>" + html + "</body></html>";
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
    var key = studio.field(root, "outcome_key");
    if (one(root, "outcome-chooser")) {
      studio.switchBy(root, "outcome_mode");
      outcomeBox();
      skillBox();
    }
    original = read(root);
    restore();
    starting = false;

    function mode(name) {
      var radio = root.querySelector("[name=outcome_mode][value=" + name + "]");
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function showOutcome(outcome) {
      key.value = outcome ? outcome.key : "";
      one(root, "chosen").hidden = !outcome;
      one(root, "search-label-first").hidden = Boolean(outcome);
      one(root, "search-label-other").hidden = !outcome;
      one(root, "chosen-statement").textContent = outcome ? outcome.statement : "";
      one(root, "feeds").textContent = !outcome ? "" :
        (outcome.skill ? fill(texts.skill, { skill: outcome.skill }) : texts.noSkill) + " · " +
        (outcome.badges.length ? fill(texts.feeds, { badges: outcome.badges.join(", ") }) : texts.feedsNone);
    }
    function chooseOutcome(outcome) {
      showOutcome(outcome);
      var unresolved = one(root, "unresolved");
      if (unresolved) { unresolved.hidden = true; }
      key.setAttribute("data-outcome", JSON.stringify(outcome));
      touched();
    }
    function outcomeBox() {
      var stored = key.getAttribute("data-outcome");
      if (stored) { showOutcome(JSON.parse(stored)); }
      window.MicrocredChooser(one(root, "outcome-chooser"), {
        texts: { found: texts.found, none: texts.foundNone, failed: texts.searchFailed },
        search: function (text) {
          return page.post(url("find_outcomes"), { text: text }).then(function (reply) {
            if (!reply.ok) { throw new Error("refused"); }
            var found = reply.body.outcomes.map(function (outcome) {
              return { title: outcome.statement, hint: [outcome.skill, outcome.badges.join(", ")].filter(Boolean).join(" · "), value: outcome };
            });
            return text ? found.concat([{ title: fill(texts.writeNew, { text: text }), value: { write: text }, extra: true }]) : found;
          });
        },
        choose: function (value, title, input) {
          input.value = "";
          if (value.write === undefined) { chooseOutcome(value); return; }
          mode("new");
          var statement = studio.field(root, "outcome_statement");
          statement.value = value.write;
          statement.focus();
          touched();
        }
      });
      all(root, "[data-mcs-use]").forEach(function (button) {
        button.addEventListener("click", function () {
          chooseOutcome(JSON.parse(button.getAttribute("data-mcs-use")));
          root.querySelector("[data-mcs=outcome-chooser] input").focus();
        });
      });
      var adopt = one(root, "adopt");
      if (adopt) {
        adopt.addEventListener("click", function () {
          page.post(url("adopt_outcome"), {}).then(function (reply) {
            if (!reply.ok) { page.say(one(root, "message"), reply.body.error || texts.searchFailed); return; }
            chooseOutcome(reply.body.outcome);
            one(root, "kept").textContent = texts.adopted;
            root.querySelector("[data-mcs=outcome-chooser] input").focus();
          }).catch(function () { page.say(one(root, "message"), texts.searchFailed); });
        });
      }
    }
    function skillBox() {
      var skillKey = studio.field(root, "skill_key"), newSkill = studio.field(root, "new_skill_name");
      window.MicrocredChooser(one(root, "skill-chooser"), {
        texts: { found: texts.found, none: texts.foundNone, failed: texts.searchFailed },
        /* A name that is typed and not chosen is no skill yet: nobody meant to make one by stopping to type. */
        typed: function () { skillKey.value = ""; newSkill.value = ""; },
        search: function (text) {
          if (!text) { return Promise.resolve([]); }
          return page.post(url("find_skills"), { text: text }).then(function (reply) {
            if (!reply.ok) { throw new Error("refused"); }
            return reply.body.skills.map(function (skill) {
              return { title: skill.name, hint: skill.hint, value: { key: skill.key, name: skill.name } };
            }).concat([{ title: fill(texts.newSkill, { text: text }), value: { key: "", name: text }, extra: true }]);
          });
        },
        choose: function (value, title, input) {
          input.value = value.name;
          skillKey.value = value.key;
          newSkill.value = value.key ? "" : value.name;
          touched();
        }
      });
    }

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
      putBackOutcome(form.outcome || {});
      dirty = true;
      guide();
    }
    function putBackOutcome(outcome) {
      if (!one(root, "outcome-chooser")) { return; }
      if (outcome.mode === "new") {
        studio.field(root, "outcome_statement").value = outcome.statement || "";
        studio.field(root, "skill_key").value = outcome.skill_key || "";
        studio.field(root, "new_skill_name").value = outcome.new_skill_name || "";
        one(root, "skill-chooser").querySelector("input").value = outcome.skill_name || "";
        mode("new");
      } else if (outcome.key && outcome.key !== key.value) {
        page.post(url("find_outcomes"), { text: outcome.key }).then(function (reply) {
          var found = ((reply.body && reply.body.outcomes) || []).filter(function (entry) { return entry.key === outcome.key; })[0];
          if (found) { showOutcome(found); }
        }).catch(function () { return null; });
      }
    }
  };
}());
