/* Evidence: files go up in pieces, words are kept as they are typed. */
window.MicrocredEvidence = function (runtime, element) {
  "use strict";
  var page = window.MicrocredPage, root = page.root(element, "mc-evidence");
  var set = page.settings(root), busy = false, wanted = false, draft = null;
  function part(name) { return root.querySelector("[data-mc=" + name + "]"); }
  function url(name) { return runtime.handlerUrl(element, name); }
  function live(text) { part("live").textContent = text; }
  function words() {
    var text = part("text"), link = part("link");
    return { text: text ? text.value : "", link: link ? link.value : "" };
  }

  /* A new panel comes from the server; what is being typed is carried over. */
  function draw(html, focus) {
    var typed = part("form") ? words() : null;
    if (draft) { draft.drop(); }
    part("panel").innerHTML = html;
    if (typed && part("form") && focus !== "state") {
      if (part("text")) { part("text").value = typed.text; }
      if (part("link")) { part("link").value = typed.link; }
    }
    bind();
    var target = focus === "state" ? part("state") : root.querySelector("input[type=file]") || part("submit");
    if (target && focus) { target.focus(); }
  }

  function name(text, file, percent) { return text.replace("{name}", file).replace("{percent}", percent); }

  /* Scripts that not everybody needs come when they are needed. */
  var loading = {};
  function need(script) {
    loading[script] = loading[script] || new Promise(function (resolve, reject) {
      var tag = document.createElement("script");
      tag.src = set.scripts[script];
      tag.onload = resolve;
      tag.onerror = function () { loading[script] = null; tag.remove(); reject(new Error(script)); };
      document.head.appendChild(tag);
    });
    return loading[script];
  }

  function seconds(count, file, percent) {
    var text = count === null ? set.texts.uploading : count < 60 ? set.texts.secondsLeft : set.texts.minutesLeft;
    return name(text, file, percent).replace("{minutes}", Math.ceil((count || 0) / 60));
  }

  /* An upload that stopped and is of this very file. */
  function waiting(file) {
    var mark = file.size + "-" + (file.lastModified || 0);
    return Array.prototype.filter.call(root.querySelectorAll("[data-mc-upload]"), function (row) {
      return row.getAttribute("data-mc-name") === file.name && row.getAttribute("data-mc-length") === String(file.size) &&
        row.getAttribute("data-mc-fingerprint") === mark;
    })[0];
  }

  function upload(file) {
    var bar = part("upload"), shown = -1, left = false, going = null, before = waiting(file);
    function text(words) { part("upload-text").textContent = words; }
    function warn(event) { event.preventDefault(); event.returnValue = ""; }
    bar.hidden = false;
    text(name(set.texts.uploading, file.name, 0));
    if (before) { live(name(set.texts.goesOn, file.name, 0)); }
    window.addEventListener("beforeunload", warn);
    part("stop").onclick = function () { left = true; if (going) { going.stop(); } };
    return need("upload").then(function () { return page.post(url("upload_grant"), {}, set.csrfCookie); }).then(function (reply) {
      if (!reply.ok) { throw new Error(reply.body.error || name(set.texts.uploadFailed, file.name, 0)); }
      going = window.MicrocredUpload({
        file: file, endpoint: reply.body.url, grant: reply.body.grant, piece: reply.body.chunk_bytes,
        id: before ? before.getAttribute("data-mc-upload") : "", headers: function () { return page.headers(set.csrfCookie, false); },
        progress: function (sent, total, secondsLeft) {
          var percent = Math.floor(100 * sent / total);
          bar.querySelector("progress").value = percent;
          text(sent === total ? name(set.texts.checking, file.name, 100) : seconds(secondsLeft, file.name, percent));
          if (percent >= shown + 25) { shown = percent; live(name(set.texts.uploading, file.name, percent)); }
        },
        waits: function () { text(name(set.texts.waiting, file.name, 0)); live(name(set.texts.waiting, file.name, 0)); }
      });
      if (left) { going.stop(); }
      return going.done;
    }).then(function (id) {
      return page.post(url("uploaded"), { upload_id: id }, set.csrfCookie);
    }).then(function (reply) {
      if (!reply.ok) { throw new Error(reply.body.error || name(set.texts.uploadFailed, file.name, 0)); }
      draw(reply.body.html, "file");
      live(name(set.texts.uploaded, file.name, 100));
      return "";
    }).catch(function (error) {
      if (error.message === "stopped") { return refresh().then(function () { live(name(set.texts.stopped, file.name, 0)); return ""; }); }
      return error.said || (error instanceof TypeError || !error.message ? name(set.texts.uploadFailed, file.name, 0) : error.message);
    }).then(function (problem) {
      window.removeEventListener("beforeunload", warn);
      if (part("upload")) { part("upload").hidden = true; }
      return problem;
    });
  }

  function refresh() {
    return page.post(url("status"), {}, set.csrfCookie).then(function (reply) {
      if (reply.ok) { draw(reply.body.html, "file"); }
    }).catch(function () { return null; });
  }

  function add(files) {
    if (busy || !files.length) { return; }
    busy = true;
    var problems = [];
    Array.prototype.slice.call(files).reduce(function (before, file) {
      return before.then(function () {
        if (file.size > set.maxBytes) { problems.push(name(set.texts.tooLarge, file.name, 0)); return null; }
        return upload(file).then(function (problem) { if (problem) { problems.push(problem); } });
      });
    }, Promise.resolve()).then(function () {
      var input = root.querySelector("input[type=file]");
      busy = false;
      page.say(part("file-error"), problems.join(" "));
      if (input) {
        input.value = "";
        input.setAttribute("aria-invalid", problems.length ? "true" : "false");
        if (problems.length) { input.focus(); }
      }
      if (wanted && !problems.length) { handIn(); }
      wanted = false;
    });
  }

  function remove(button) {
    var file = button.getAttribute("data-mc-remove"), handler = file ? "remove_file" : "drop_upload";
    var data = file ? { file_id: file } : { upload_id: button.getAttribute("data-mc-drop") };
    page.post(url(handler), data, set.csrfCookie).then(function (reply) {
      if (!reply.ok) { page.say(part("error"), reply.body.error || set.texts.failed); return; }
      draw(reply.body.html, "file");
      live(name(set.texts.removed, button.getAttribute("data-mc-name"), 0));
    }).catch(function () { page.say(part("error"), set.texts.failed); });
  }

  /* Buttons to record appear where the browser can; the recorder itself comes with the first press. */
  function record() {
    var buttons = part("record");
    if (!buttons || !window.MediaRecorder || !navigator.mediaDevices) { return; }
    buttons.hidden = false;
    buttons.addEventListener("click", function (event) {
      var kind = event.target.getAttribute("data-mc-record");
      if (!kind || busy) { return; }
      page.say(part("file-error"), "");
      need("recorder").then(function () {
        window.MicrocredRecorder({ root: root, kind: kind, texts: set.texts, most: set.maxBytes, live: live, add: function (file) { add([file]); },
          failed: function () { page.say(part("file-error"), set.texts.noDevice); } });
      }).catch(function () { page.say(part("file-error"), set.texts.failed); });
    });
  }

  /* Pressed while a file is still on its way, it happens when the file is there. */
  function handIn(event) {
    if (event) { event.preventDefault(); }
    wanted = busy;
    if (busy) { return; }
    busy = true;
    draft.drop();
    page.say(part("error"), "");
    part("submit").setAttribute("aria-disabled", "true");
    page.post(url("hand_in"), words(), set.csrfCookie).then(function (reply) {
      if (!reply.ok) { page.say(part("error"), reply.body.error || set.texts.failed, reply.signedOut); return; }
      draft.forget();
      draw(reply.body.html, "state");
      live(set.texts.handedIn);
      page.tell(root, "microcred:progress", reply);
    }).catch(function () { page.say(part("error"), set.texts.failed); }).then(function () {
      busy = false;
      if (part("submit")) { part("submit").removeAttribute("aria-disabled"); }
    });
  }

  function bind() {
    var form = part("form"), input = root.querySelector("input[type=file]"), drop = part("drop");
    if (!form) { return; }
    draft = draft || new page.Draft({
      url: url("save_draft"), csrfCookie: set.csrfCookie, texts: set.texts, read: words, root: root, mark: set.mark,
      fill: function (kept) {
        if (part("text")) { part("text").value = kept.text || ""; }
        if (part("link")) { part("link").value = kept.link || ""; }
      },
      shown: { set textContent(text) { if (part("saved")) { part("saved").textContent = text; } } }
    });
    form.addEventListener("submit", handIn);
    form.addEventListener("input", function (event) { if (event.target.type !== "file") { draft.touch(); } });
    form.addEventListener("click", function (event) {
      var button = event.target.closest("[data-mc-remove],[data-mc-drop]");
      if (button) { event.preventDefault(); if (!busy) { remove(button); } }
    });
    record();
    if (!input) { return; }
    input.addEventListener("change", function () { add(input.files); });
    drop.classList.add("mc-drop");
    ["dragover", "dragenter"].forEach(function (kind) {
      drop.addEventListener(kind, function (event) { event.preventDefault(); drop.classList.add("mc-drop-over"); });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      drop.addEventListener(kind, function () { drop.classList.remove("mc-drop-over"); });
    });
    drop.addEventListener("drop", function (event) { event.preventDefault(); add(event.dataTransfer.files); });
  }
  bind();

  /* The unit hears of a decision first; it asks us to look again. */
  root.addEventListener("microcred:refresh", function () {
    page.post(url("status"), {}, set.csrfCookie).then(function (reply) {
      if (reply.ok && !part("form")) { draw(reply.body.html, ""); }
    }).catch(function () { return null; });
  });
};
