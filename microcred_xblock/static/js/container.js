/* The page of a unit's children in Studio: our strip where Studio has none, and controls where it has none. */
window.MicrocredUnitContainer = function (runtime, element) {
  "use strict";
  var page = window.MicrocredPage, root = page.raw(element);
  var strip = root.querySelector("[data-mcs=strip]"), stock = window.StudioContainerXBlockWithNestedXBlocksMixin;
  if (stock && window.jQuery && runtime.listenTo) { stock(runtime, element); }
  if (!strip) { return; }
  var handler = strip.getAttribute("data-add-handler");

  function reload() { window.location.reload(); }
  function fail(reply) {
    var texts = JSON.parse(strip.getAttribute("data-texts"));
    page.say(strip.querySelector("[data-mcs=message]"), (reply && reply.body && reply.body.error) || texts.failed);
  }
  function send(url, data) {
    return page.post(url, data).then(function (reply) { if (reply.ok) { reload(); } else { fail(reply); } }).catch(fail);
  }
  function studio() { return runtime.handlerUrl(element, "add_part").replace(/(preview\/)?xblock\/.*$/, "xblock/"); }

  /* Whatever else on the page adds parts: the stock buttons, or a strip the page draws itself. */
  function others() {
    return Array.prototype.slice.call(document.querySelectorAll(".add-xblock-component, .add-strip, [data-native-add-strip]")).some(function (found) {
      return found.getClientRects().length > 0;
    });
  }
  function settle() { if (!handler) { strip.hidden = others(); } }
  settle();
  /* Studio removes or draws its buttons after the blocks have started. */
  if (!handler) { setTimeout(settle, 300); setTimeout(settle, 1500); }

  root.addEventListener("click", function (event) {
    var add = event.target.closest("[data-mcs-add]"), arrange = event.target.closest("[data-mcs-arrange]"), edit = event.target.closest("[data-mcs-edit]");
    if (add) {
      var wanted = { category: add.getAttribute("data-mcs-add") };
      if (handler) { send(runtime.handlerUrl(element, handler), wanted); return; }
      wanted.parent_locator = strip.getAttribute("data-locator");
      if (add.getAttribute("data-boilerplate")) { wanted.boilerplate = add.getAttribute("data-boilerplate"); }
      send(studio(), wanted);
    } else if (arrange) {
      var question = arrange.getAttribute("data-mcs-confirm");
      if (question && !window.confirm(question)) { return; }
      send(runtime.handlerUrl(element, "arrange"), {
        usage_key: arrange.closest("[data-mcs-child]").getAttribute("data-mcs-child"), move: arrange.getAttribute("data-mcs-arrange")
      });
    } else if (edit) {
      window.location.href = studio() + edit.closest("[data-mcs-child]").getAttribute("data-mcs-child") + "/action/edit";
    }
  });
};
