/* Sends one file in pieces by the tus protocol, 1.0.0. A broken connection, a busy site and a reload lose nothing:
   the site is asked how much it has, and the next piece begins there. Where the site says so, pieces go straight to its
   store; where the store cannot be reached, they go through the site. Answers {done: promise of the upload's id, stop}. */
window.MicrocredUpload = function (options) {
  "use strict";
  var file = options.file, url = "", request = null, stopped = false, wait = 1000, began = 0, beganAt = 0, wake = null;
  var direct = false, missed = 0;

  function encoded(text) {
    return btoa(encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, function (_, hex) { return String.fromCharCode(parseInt(hex, 16)); }));
  }

  /* One request; resolves with the answer, rejects only without one. Without headers it is for the store, which is not
     to see ours. */
  function ask(method, address, headers, body, onprogress) {
    return new Promise(function (resolve, reject) {
      var all = headers ? options.headers() : {};
      if (stopped && method !== "DELETE") { reject(new Error("stopped")); return; }
      var mine = request = new XMLHttpRequest(), watch = null, broken = false;
      /* A connection that went away may leave a request hanging: no sign of life for a while ends it. */
      function cut() { broken = true; mine.abort(); }
      function alive() { clearTimeout(watch); watch = setTimeout(cut, 45000); }
      mine.open(method, address);
      if (headers) { all["Tus-Resumable"] = "1.0.0"; }
      Object.keys(headers || {}).forEach(function (name) { all[name] = headers[name]; });
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
      ways(answer);
      return 0;
    });
  }

  /* How much the site has; an upload that is gone begins anew. */
  function where() {
    return again(function () { return ask("HEAD", url, {}); }).then(function (answer) {
      if (answer.status === 404 || answer.status === 410) { return create(); }
      if (answer.status !== 200) { throw refusal(answer); }
      ways(answer);
      return Number(answer.getResponseHeader("Upload-Offset"));
    });
  }

  function tell(sent) {
    var passed = (Date.now() - beganAt) / 1000, speed = (sent - began) / passed;
    options.progress(Math.min(sent, file.size), file.size, passed > 3 && speed > 0 ? (file.size - sent) / speed : null);
  }

  function ways(answer) { direct = answer.getResponseHeader("Microcred-Direct") === "1" && missed < 2; }

  /* The piece through the site. */
  function through(offset) {
    return ask("PATCH", url, { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" },
      file.slice(offset, offset + options.piece), function (event) { tell(offset + event.loaded); });
  }

  /* The piece to the store: ask where, leave it there, say so. A store that does not take it counts as no connection. */
  function past(offset) {
    return ask("POST", url + "/address", {}).then(function (answer) {
      var place = answer.status === 200 ? JSON.parse(answer.responseText) : null;
      if (!place) { direct = false; return answer.status === 404 ? through(offset) : answer; }
      if (place.offset !== offset) { return { status: 409 }; }
      return ask("PUT", place.url, null, file.slice(offset, offset + place.size), function (event) { tell(offset + event.loaded); })
        .catch(function (error) {
          if (!stopped && navigator.onLine) { missed += 1; }
          throw error;
        }).then(function (kept) {
          if (kept.status < 200 || kept.status > 299) { missed += 1; return { status: 503 }; }
          return ask("POST", url + "/arrived", { "Upload-Offset": offset });
        });
    });
  }

  function send(offset) {
    if (offset >= file.size) { tell(file.size); return id(); }
    return (direct ? past : through)(offset).then(function (answer) {
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
