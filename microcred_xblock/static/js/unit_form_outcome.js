/* The outcome of a unit that is being written: searched in the catalogue, or new, with its skill. */
(function () {
  "use strict";
  var page = window.MicrocredPage, studio = window.MicrocredStudio, all = studio.all, one = studio.one, fill = studio.fill;

  /* Starts the choosers and answers what puts an outcome back; *touched* is told of every change. */
  window.MicrocredUnitOutcome = function (root, texts, url, touched) {
    var key = studio.field(root, "outcome_key");
    studio.switchBy(root, "outcome_mode");
    outcomeBox();
    skillBox();
    return putBack;

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
    function putBack(outcome) {
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
