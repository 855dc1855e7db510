/* The forms of Studio. Values go out as one JSON object; messages come back field by field. */
(function () {
  "use strict";
  var page = window.MicrocredPage;

  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }
  function notify(runtime, name, data) { if (runtime.notify) { runtime.notify(name, data); } }
  function one(root, name) { return root.querySelector("[data-mcs=" + name + "]"); }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }
  function field(root, name) { return root.querySelector("[name=" + name + "]"); }
  function value(root, name) { var found = field(root, name); return found ? found.value : ""; }
  function picked(root, name) { var found = root.querySelector("[name=" + name + "]:checked"); return found ? found.value : ""; }
  function ticked(root, name) { return all(root, "[name=" + name + "]:checked").map(function (box) { return box.value; }); }

  function clear(root) {
    all(root, ".mcs-error").forEach(function (line) { line.remove(); });
    all(root, "[aria-invalid]").forEach(function (input) {
      input.removeAttribute("aria-invalid");
      if (input.hasAttribute("data-described")) {
        input.setAttribute("aria-describedby", input.getAttribute("data-described"));
      }
    });
  }

  /* A message stands in its field and is tied to it; the first field is answered. */
  function show(root, errors) {
    var first = null;
    clear(root);
    Object.keys(errors).forEach(function (name) {
      var holder = root.querySelector("[data-field=" + name + "]");
      if (!holder) { return; }
      var line = document.createElement("p"), inputs = all(holder, "input,select,textarea"), shown = inputs.filter(function (input) {
        return input.type !== "hidden" && !input.closest("[hidden]") && !input.closest("[data-field] [data-field]");
      });
      var input = shown[0] || inputs.filter(function (one) { return !one.closest("[hidden]"); })[0] || holder.querySelector("button");
      line.className = "mcs-error";
      line.id = root.id + "-error-" + name;
      line.textContent = errors[name];
      holder.appendChild(line);
      if (!input) { return; }
      var before = input.getAttribute("aria-describedby") || "";
      input.setAttribute("data-described", before);
      input.setAttribute("aria-describedby", (before + " " + line.id).trim());
      input.setAttribute("aria-invalid", "true");
      first = first || input;
    });
    return first;
  }
  function mark(root, errors) {
    var first = show(root, errors);
    if (first) { first.focus(); }
  }

  function form(runtime, element, read, saved, refused) {
    var root = page.root(element, "microcred-studio"), message = root.querySelector("[data-mcs=message]"), busy = false;
    function fail(text) {
      busy = false;
      page.say(message, text);
      notify(runtime, "error", { title: message.getAttribute("data-title"), message: text });
    }
    root.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
      if (busy) { return; }
      busy = true;
      clear(root);
      page.say(message, "");
      notify(runtime, "save", { state: "start", message: message.getAttribute("data-saving") });
      page.post(runtime.handlerUrl(element, "studio_submit"), read(root)).then(function (reply) {
        if (!reply.ok) {
          fail(reply.body.error || message.getAttribute("data-failed"));
          mark(root, reply.body.errors || {});
          if (refused) { refused(root, reply); }
          return null;
        }
        return Promise.resolve(saved ? saved(root, reply.body) : null).then(function () {
          busy = false;
          notify(runtime, "save", { state: "end" });
        });
      }).catch(function (error) { fail((error && error.told) || message.getAttribute("data-failed")); });
    });
    root.querySelector(".cancel-button").addEventListener("click", function (event) {
      event.preventDefault();
      notify(runtime, "cancel", {});
    });
    return root;
  }

  /* Shows the parts of a form that belong to the chosen radio button. */
  function switchBy(root, name) {
    function show() {
      var chosen = picked(root, name);
      all(root, "[data-when]").forEach(function (holder) {
        holder.hidden = holder.getAttribute("data-when").split(" ").indexOf(chosen) < 0;
      });
    }
    all(root, "[name=" + name + "]").forEach(function (radio) { radio.addEventListener("change", show); });
    show();
  }

  /* Rows that can be added, moved and removed; focus stays with the row, or goes to its neighbour. */
  function rows(root, list, template, after) {
    function add(values) {
      var row = root.querySelector("template[data-mcs=" + template + "]").content.firstElementChild.cloneNode(true);
      row.setAttribute("data-id", values.id || "");
      all(row, "[data-mcs-name]").forEach(function (input) {
        var given = values[input.getAttribute("data-mcs-name")];
        if (input.type === "checkbox") { input.checked = given === true; }
        else { input.value = given === undefined || given === null ? "" : given; }
      });
      list.appendChild(row);
      if (after) { after(row, values); }
      return row;
    }
    list.addEventListener("click", function (event) {
      var button = event.target.closest("[data-mcs-move]"), row = event.target.closest("li");
      if (!button || !row || row.parentNode !== list) { return; }
      var move = button.getAttribute("data-mcs-move"), focus = button;
      if (move === "up" && row.previousElementSibling) { list.insertBefore(row, row.previousElementSibling); }
      if (move === "down" && row.nextElementSibling) { list.insertBefore(row.nextElementSibling, row); }
      if (move === "remove") {
        var near = row.nextElementSibling || row.previousElementSibling;
        focus = near ? near.querySelector("input[type=text]") : list.parentNode.querySelector("[data-mcs^=add]");
        row.remove();
      }
      if (focus) { focus.focus(); }
    });
    return add;
  }

  function readRow(row) {
    var values = { id: row.getAttribute("data-id") };
    all(row, "[data-mcs-name]").forEach(function (input) {
      if (input.closest("li") !== row) { return; }
      values[input.getAttribute("data-mcs-name")] = input.type === "checkbox" ? input.checked : input.value;
    });
    return values;
  }
  function readRows(list) { return Array.prototype.slice.call(list.children).map(readRow); }

  window.MicrocredEvidenceForm = function (runtime, element) {
    var root = form(runtime, element, function (found) {
      return {
        display_name: value(found, "display_name"), instructions: value(found, "instructions"), accept: ticked(found, "accept"),
        allow_text: field(found, "allow_text").checked, allow_link: field(found, "allow_link").checked,
        max_files: value(found, "max_files"), max_megabytes: value(found, "max_megabytes"),
        review_mode: picked(found, "review_mode"), needs: picked(found, "needs"), record: ticked(found, "record"),
        late_work: picked(found, "late_work"), attempts_allowed: value(found, "attempts_allowed"),
        resubmit_days: value(found, "resubmit_days"), second_marker_percent: value(found, "second_marker_percent"),
        clean_pictures: field(found, "clean_pictures").checked, rubric: readRubric(found)
      };
    });
    function readRubric(found) {
      return {
        pass_points: value(found, "pass_points"),
        criteria: Array.prototype.slice.call(found.querySelector("[data-mcs=criteria]").children).map(function (row) {
          var criterion = readRow(row);
          criterion.levels = readRows(row.querySelector("[data-mcs=levels]"));
          return criterion;
        })
      };
    }
    var rubric = JSON.parse(root.getAttribute("data-rubric"));
    var add = rows(root, root.querySelector("[data-mcs=criteria]"), "criterion", function (row, values) {
      var addLevel = rows(root, row.querySelector("[data-mcs=levels]"), "level");
      (values.levels || [{}, {}]).forEach(addLevel);
      row.querySelector("[data-mcs=add-level]").addEventListener("click", function () {
        addLevel({}).querySelector("[data-mcs-name=points]").focus();
      });
    });
    rubric.criteria.forEach(add);
    field(root, "pass_points").value = rubric.pass_points || "";
    function show(content) {
      var list = root.querySelector("[data-mcs=criteria]");
      while (list.firstChild) { list.removeChild(list.firstChild); }
      content.criteria.forEach(add);
      field(root, "pass_points").value = content.pass_points || "";
    }
    var saved = root.querySelector("[data-mcs=saved-rubrics]");
    if (saved) {
      root.querySelector("[data-mcs=take-rubric]").addEventListener("click", function () {
        if (!saved.value) { saved.focus(); return; }
        show(JSON.parse(saved.value));
        root.querySelector("[data-mcs=criteria] input").focus();
      });
    }
    root.querySelector("[data-mcs=save-rubric]").addEventListener("click", function () {
      var said = root.querySelector("[data-mcs=rubric-saved]"), message = root.querySelector("[data-mcs=message]");
      page.post(runtime.handlerUrl(element, "save_rubric"), {
        title: root.querySelector("[data-mcs=rubric-title]").value, rubric: readRubric(root)
      }).then(function (reply) {
        said.textContent = reply.ok ? reply.body.message : (reply.body.error || message.getAttribute("data-failed"));
      }).catch(function () { said.textContent = message.getAttribute("data-failed"); });
    });
    root.querySelector("[data-mcs=add-criterion]").addEventListener("click", function () {
      add({}).querySelector("[data-mcs-name=name]").focus();
    });
  };

  /* For forms that have a script of their own. */
  window.MicrocredStudio = {
    all: all, one: one, fill: fill, field: field, value: value, picked: picked, ticked: ticked, show: show, switchBy: switchBy,
    form: form, rows: rows, readRows: readRows
  };
}());
