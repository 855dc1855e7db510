/* Studio's form for a quick check: rows for every list, and a look at what it amounts to while it is written. */
window.MicrocredCheckForm = function (runtime, element) {
  "use strict";
  var page = window.MicrocredPage, kit = window.MicrocredStudio;
  var texts = ["display_name", "prompt", "image_url", "image_alt", "number_answer", "number_tolerance", "number_tolerance_kind",
    "number_unit", "text_answers", "text_patterns", "extra_matches", "gap_text", "feedback_correct", "feedback_incorrect",
    "try_feedback", "hint_cost", "attempts_allowed", "mastery", "attempt_policy", "average_over", "reveal"];
  var lists = { options: "option", pairs: "pair", gaps: "gap", number_units: "unit", hints: "hint" };
  var flags = ["shuffle", "number_unit_required", "partial_credit"];
  function holder(found, name) { return found.querySelector("[data-mcs=" + (name === "number_units" ? "units" : name) + "]"); }

  function read(found) {
    var data = { check_type: kit.picked(found, "check_type"), purpose: kit.picked(found, "purpose"), text_ignores: kit.ticked(found, "text_ignores") };
    texts.forEach(function (name) { data[name] = kit.value(found, name); });
    flags.forEach(function (name) { data[name] = kit.field(found, name).checked; });
    Object.keys(lists).forEach(function (name) { data[name] = kit.readRows(holder(found, name)); });
    return data;
  }

  var root = kit.form(runtime, element, read), add = {};
  var stored = JSON.parse(root.getAttribute("data-rows")), words = JSON.parse(root.getAttribute("data-texts"));
  var preview = root.querySelector("[data-mcs=preview]"), verdict = root.querySelector("[data-mcs=verdict]");
  preview.addEventListener("submit", function (event) { event.preventDefault(); });

  Object.keys(lists).forEach(function (name) {
    add[name] = kit.rows(root, holder(root, name), lists[name], function (row, values) {
      var label = row.querySelector("[data-mcs=gap-name]");
      if (label) { label.textContent = "[[" + values.id + "]]"; }
    });
    (stored[name === "number_units" ? "units" : name] || []).forEach(add[name]);
    var button = root.querySelector("[data-mcs=add-" + lists[name] + "]");
    button.addEventListener("click", function () {
      var row = add[name](name === "gaps" ? { id: gap() } : (name === "number_units" ? { worth: "1" } : {}));
      showType();
      row.querySelector("[data-mcs-name]:not([type=checkbox])").focus();
      soon();
    });
  });
  if (!stored.options.length && !root.querySelector("[name=check_type][value=attest]").checked) { add.options({}); add.options({}); }
  if (!stored.pairs.length) { add.pairs({}); add.pairs({}); }

  /* The next free name, put into the text where the cursor is. */
  function gap() {
    var area = kit.field(root, "gap_text"), number = 1, place = area.selectionStart;
    while (area.value.indexOf("[[g" + number + "]]") >= 0 || root.querySelector("[data-mcs=gaps] > [data-id=g" + number + "]")) { number += 1; }
    area.value = area.value.slice(0, place) + "[[g" + number + "]]" + area.value.slice(area.selectionEnd);
    return "g" + number;
  }

  /* Rows have parts that belong to some types, too. */
  function showType() {
    var chosen = kit.picked(root, "check_type");
    kit.all(root, "[data-when]").forEach(function (part) {
      part.hidden = part.getAttribute("data-when").split(" ").indexOf(chosen) < 0;
    });
    root.querySelector("[data-mcs=averaged]").hidden = kit.value(root, "attempt_policy") !== "average";
    rights();
  }

  function rights() {
    kit.all(root, "[data-mcs=options] > li").forEach(function (row) {
      var shown = row.querySelector("[data-mcs-name=correct]").checked && !row.querySelector("[data-when~=single]").hidden;
      row.toggleAttribute("data-right", shown);
    });
  }

  var timer = null, turn = 0;
  function look() {
    var asked = turn += 1, data = read(root);
    data.trial_answer = kit.value(root, "trial_answer");
    page.post(runtime.handlerUrl(element, "studio_look"), data).then(function (reply) {
      if (!reply.ok || asked !== turn) { return; }
      preview.innerHTML = reply.body.preview;
      if (!reply.body.preview) { preview.textContent = words.noPreview; }
      verdict.textContent = reply.body.trial || words.noTrial;
      /* Nobody is told off for what they have not come to yet. */
      kit.all(root, ".mcs-error").forEach(function (line) { begin(line); });
      var errors = {};
      Object.keys(reply.body.errors).forEach(function (name) { if (begun[name]) { errors[name] = reply.body.errors[name]; } });
      kit.show(root, errors);
    }).catch(function () { return null; });
  }
  var begun = {};
  function begin(target) {
    var part = target.closest("[data-field]");
    if (part) { begun[part.getAttribute("data-field")] = true; }
  }
  function soon() { clearTimeout(timer); timer = setTimeout(look, 600); }

  root.addEventListener("input", soon);
  root.addEventListener("change", function (event) {
    begin(event.target);
    /* One right answer means one: ticking another takes the tick away from the first. */
    if (event.target.getAttribute("data-mcs-name") === "correct" && event.target.checked && kit.picked(root, "check_type") === "single") {
      kit.all(root, "[data-mcs-name=correct]").forEach(function (box) { box.checked = box === event.target; });
    }
    showType();
    soon();
  });
  root.addEventListener("click", function (event) { if (event.target.closest("[data-mcs-move]")) { soon(); } });
  showType();
  look();
};
