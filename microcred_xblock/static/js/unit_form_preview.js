/* The preview of a unit that is being written: its page as learners see it, in a frame without scripts. */
(function () {
  "use strict";
  var studio = window.MicrocredStudio;
  var TALLEST = 640;

  /* A frame that runs no scripts, whatever is shown in it; its own origin only so that its height can be read. */
  function frame(place) {
    var made = document.createElement("iframe");
    made.className = "mcs-preview";
    made.setAttribute("sandbox", "allow-same-origin");
    made.title = place.getAttribute("data-title");
    place.appendChild(made);
    return made;
  }

  /* What shows markup in a frame at this place. */
  window.MicrocredUnitPreview = function (place) {
    var preview = frame(place);

    return function (html) {
      var styles = studio.all(document, "link[rel=stylesheet]").filter(function (link) { return /microcred/.test(link.href); });
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
    };
  };
}());
