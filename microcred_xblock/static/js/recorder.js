/* Records sound or video on the page. Nothing leaves the device before the learner has heard or seen it and adds it. */
window.MicrocredRecorder = function (options) {
  "use strict";
  var root = options.root, chunks = [], recorder = null, stream = null, began = 0, timer = null, address = "", size = 0;
  function part(name) { return root.querySelector("[data-mc=" + name + "]"); }
  var KINDS = options.kind === "audio"
    ? [["audio/webm;codecs=opus", "webm"], ["audio/webm", "webm"], ["audio/mp4", "m4a"], ["audio/ogg", "ogg"]]
    : [["video/webm;codecs=vp9,opus", "webm"], ["video/webm", "webm"], ["video/mp4", "mp4"]];
  var chosen = KINDS.filter(function (pair) { return window.MediaRecorder.isTypeSupported(pair[0]); })[0];

  function time() {
    var seconds = Math.floor((Date.now() - began) / 1000), rest = seconds % 60;
    return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }
  function show(text) { part("record-text").textContent = text; }

  function release() {
    clearInterval(timer);
    if (stream) { stream.getTracks().forEach(function (track) { track.stop(); }); stream = null; }
  }
  function clear() {
    release();
    if (address) { URL.revokeObjectURL(address); address = ""; }
    part("playback").textContent = "";
    part("recorder").hidden = true;
    Array.prototype.forEach.call(root.querySelectorAll("[data-mc-record]"), function (button) { button.hidden = false; });
  }
  function player(live) {
    var element = document.createElement(options.kind);
    element.className = "mc-player";
    if (live) { element.muted = true; element.autoplay = true; element.playsInline = true; element.srcObject = stream; }
    else { element.controls = true; element.src = address; }
    part("playback").textContent = "";
    part("playback").appendChild(element);
  }

  function finished() {
    var length = time(), blob = new Blob(chunks, { type: chosen[0].split(";")[0] });
    release();
    if (part("recorder").hidden || !blob.size) { return; }
    address = URL.createObjectURL(blob);
    player(false);
    show(options.texts.recorded.replace("{time}", length));
    options.live(options.texts.recorded.replace("{time}", length));
    part("record-stop").hidden = true;
    part("record-add").hidden = false;
    part("record-add").focus();
    part("record-add").onclick = function () {
      var now = new Date(), stamp = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16).replace(/[:T]/g, "-");
      var file = new File([blob], options.kind + "-" + stamp + "." + chosen[1], { type: blob.type, lastModified: now.getTime() });
      clear();
      options.add(file);
    };
  }

  part("record-drop").onclick = function () {
    chunks = [];
    part("recorder").hidden = true;
    if (recorder && recorder.state !== "inactive") { recorder.stop(); }
    clear();
    root.querySelector("[data-mc-record=" + options.kind + "]").focus();
  };
  if (!chosen) { options.failed(); return; }
  navigator.mediaDevices.getUserMedia({ audio: true, video: options.kind === "video" ? { width: { ideal: 1280 } } : false }).then(function (found) {
    stream = found;
    recorder = new MediaRecorder(stream, { mimeType: chosen[0], videoBitsPerSecond: 1500000, audioBitsPerSecond: 96000 });
    recorder.ondataavailable = function (event) {
      chunks.push(event.data);
      size += event.data.size;
      if (size > options.most * 0.95 && recorder.state === "recording") { recorder.stop(); }
    };
    recorder.onstop = finished;
    recorder.start(1000);
    began = Date.now();
    timer = setInterval(function () { show(options.texts.recording.replace("{time}", time())); }, 500);
    Array.prototype.forEach.call(root.querySelectorAll("[data-mc-record]"), function (button) { button.hidden = true; });
    part("recorder").hidden = false;
    part("record-add").hidden = true;
    part("record-stop").hidden = false;
    if (options.kind === "video") { player(true); }
    show(options.texts.recording.replace("{time}", "0:00"));
    options.live(options.texts.recording.replace("{time}", "0:00"));
    part("record-stop").onclick = function () { if (recorder.state !== "inactive") { recorder.stop(); } };
    part("record-stop").focus();
  }).catch(function () { release(); options.failed(); });
};
