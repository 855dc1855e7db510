/* Sends one file in pieces by the tus protocol, 1.0.0. A broken connection, a busy site and a reload lose nothing:
   the site is asked how much it has, and the next piece begins there. Answers {done: promise of the upload's id, stop}. */
window.MicrocredUpload = function (options) {
  "use strict";
  var file = options.file, url = "", request = null, stopped = false, wait = 1000, began = 0, beganAt = 0, wake = null;

  function encoded(text) {
    return btoa(encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, function (_, hex) { return String.fromCharCode(parseInt(hex, 16)); }));
  }

  /* One request; resolves with the answer, rejects only without one. */
  function ask(method, address, headers, body, onprogress) {
    return new Promise(function (resolve, reject) {
      var all = options.headers();
      if (stopped && method !== "DELETE") { reject(new Error("stopped")); return; }
      var mine = request = new XMLHttpRequest(), watch = null, broken = false;
      /* A connection that went away may leave a request hanging: no sign of life for a while ends it. */
      function cut() { broken = true; mine.abort(); }
      function alive() { clearTimeout(watch); watch = setTimeout(cut, 45000); }
      mine.open(method, address);
      all["Tus-Resumable"] = "1.0.0";
      Object.keys(headers).forEach(function (name) { all[name] = headers[name]; });
      Object.keys(all).forEach(function (name) { mine.setRequestHeader(name, all[name]); });
      if (onprogress) { mine.upload.onprogress = function (event) { alive(); onprogress(event); }; }
      mine.onload = function () { resolve(mine); };
      mine.onerror = function () { reject(new Error("offline")); };
      mine.onabort = function () { reject(new Error(broken ? "offline" : "stopped")); };
      mine.onloadend = function () { clearTimeout(watch); window.removeEventListener("offline", cut); };
      window.addEventListener("offline", cut);
      alive();
      mine.send(body || null);
    });
  }

  /* A refusal for good carries a sentence for the learner. */
  function refusal(answer) {
    var error = new Error("refused");
    try { error.said = JSON.parse(answer.responseText).message; } catch (problem) { error.said = ""; }
    return error;
  }

  function passing(answer) { return answer.status >= 500 || answer.status === 423 || answer.status === 429 || answer.status === 0; }

  /* Tries until there is an answer that means something; "online" ends the waiting at once. */
  function again(work) {
    return work().then(function (answer) {
      if (answer.status === 503) { options.waits(); }
      if (!passing(answer)) { wait = 1000; return answer; }
      return later(work);
    }, function (error) {
      if (stopped || error.message === "stopped") { throw new Error("stopped"); }
      options.waits();
      return later(work);
    });
  }

  function later(work) {
    return new Promise(function (resolve) {
      var timer = setTimeout(go, wait);
      wait = Math.min(wait * 2, 30000);
      function go() { clearTimeout(timer); window.removeEventListener("online", go); wake = null; resolve(); }
      window.addEventListener("online", go);
      wake = go;
    }).then(function () {
      if (stopped) { throw new Error("stopped"); }
      return again(work);
    });
  }

  function create() {
    return again(function () {
      return ask("POST", options.endpoint, {
        "Upload-Length": file.size,
        "Upload-Metadata": "grant " + encoded(options.grant) + ",filename " + encoded(file.name) +
          ",fingerprint " + encoded(file.size + "-" + (file.lastModified || 0))
      });
    }).then(function (answer) {
      if (answer.status !== 201) { throw refusal(answer); }
      url = answer.getResponseHeader("Location");
      return 0;
    });
  }

  /* How much the site has; an upload that is gone begins anew. */
  function where() {
    return again(function () { return ask("HEAD", url, {}); }).then(function (answer) {
      if (answer.status === 404 || answer.status === 410) { return create(); }
      if (answer.status !== 200) { throw refusal(answer); }
      return Number(answer.getResponseHeader("Upload-Offset"));
    });
  }

  function tell(sent) {
    var passed = (Date.now() - beganAt) / 1000, speed = (sent - began) / passed;
    options.progress(Math.min(sent, file.size), file.size, passed > 3 && speed > 0 ? (file.size - sent) / speed : null);
  }

  function send(offset) {
    if (offset >= file.size) { tell(file.size); return id(); }
    return ask("PATCH", url, { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" },
      file.slice(offset, offset + options.piece), function (event) { tell(offset + event.loaded); }
    ).then(function (answer) {
      if (answer.status === 204) { wait = 1000; return Number(answer.getResponseHeader("Upload-Offset")); }
      if (answer.status === 409 || answer.status === 460) { return where(); }
      if (!passing(answer)) { throw refusal(answer); }
      return later(function () { return Promise.resolve({ status: 200 }); }).then(where);
    }, function (error) {
      if (stopped || error.message === "stopped") { throw new Error("stopped"); }
      options.waits();
      return later(function () { return ask("HEAD", url, {}); }).then(where);
    }).then(send);
  }

  function id() { return url.split("/").pop(); }

  if (options.id) { url = options.endpoint + options.id; }
  return {
    done: (options.id ? where() : create()).then(function (offset) {
      began = offset;
      beganAt = Date.now();
      tell(offset);
      return send(offset);
    }).catch(function (error) {
      if (error.message === "stopped" && url) { return ask("DELETE", url, {}).catch(function () { return null; }).then(function () { throw error; }); }
      throw error;
    }),
    stop: function () { stopped = true; if (request) { request.abort(); } if (wake) { wake(); } }
  };
};
