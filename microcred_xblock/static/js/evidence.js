/* Evidence: files go up one after the other with progress, words are kept as they are typed. */
window.MicrocredEvidence = function (runtime, element) {
  "use strict";
  var page = window.MicrocredPage, root = page.root(element, "mc-evidence");
  var set = page.settings(root), busy = false, draft = null;
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

  function upload(file) {
    return new Promise(function (resolve) {
      var request = new XMLHttpRequest(), data = new FormData(), bar = part("upload");
      var sent = page.headers(set.csrfCookie, false);
      data.append("file", file, file.name);
      bar.hidden = false;
      request.open("POST", url("upload"));
      Object.keys(sent).forEach(function (key) { request.setRequestHeader(key, sent[key]); });
      request.upload.onprogress = function (event) {
        if (!event.lengthComputable) { return; }
        var percent = Math.round(100 * event.loaded / event.total);
        bar.querySelector("progress").value = percent;
        part("upload-text").textContent = name(set.texts.uploading, file.name, percent);
      };
      request.onloadend = function () {
        var body = {};
        try { body = JSON.parse(request.responseText) || {}; } catch (error) { body = {}; }
        bar.hidden = true;
        if (request.status >= 200 && request.status < 300 && body.html) {
          draw(body.html, "file");
          live(name(set.texts.uploaded, file.name, 100));
          resolve("");
        } else if (request.status === 413) {
          resolve(name(set.texts.tooLarge, file.name, 0));
        } else {
          resolve(body.error || name(set.texts.uploadFailed, file.name, 0));
        }
      };
      request.send(data);
    });
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
    });
  }

  function remove(button) {
    page.post(url("remove_file"), { file_id: button.getAttribute("data-mc-remove") }, set.csrfCookie).then(function (reply) {
      if (!reply.ok) { page.say(part("error"), reply.body.error || set.texts.failed); return; }
      draw(reply.body.html, "file");
      live(name(set.texts.removed, button.getAttribute("data-mc-name"), 0));
    }).catch(function () { page.say(part("error"), set.texts.failed); });
  }

  function handIn(event) {
    event.preventDefault();
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
      page.tell(root, "microcred:progress", reply.body.progress);
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
      var button = event.target.closest("[data-mc-remove]");
      if (button) { remove(button); }
    });
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
