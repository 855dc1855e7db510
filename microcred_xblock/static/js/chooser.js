/* A box that searches while somebody types (the ARIA combobox pattern): arrow keys, Enter and Escape do what they do
 * everywhere, the mouse too, and what was found is said aloud. Answers that come late are dropped. */
(function () {
  "use strict";
  if (window.MicrocredChooser) { return; }
  var WAIT = 250;

  /* options: search(text) -> promise of entries {title, hint, value}; choose(value, title); texts {found, none, failed} */
  window.MicrocredChooser = function (holder, options) {
    var input = holder.querySelector("[role=combobox]"), list = holder.querySelector("[role=listbox]");
    var count = holder.querySelector("[data-mcs=count]"), entries = [], active = -1, asked = 0, timer = null;

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    function mark(place) {
      Array.prototype.forEach.call(list.children, function (line, number) {
        line.setAttribute("aria-selected", String(number === place));
      });
      active = place;
      if (place < 0) { input.removeAttribute("aria-activedescendant"); return; }
      input.setAttribute("aria-activedescendant", list.children[place].id);
      if (list.children[place].scrollIntoView) { list.children[place].scrollIntoView({ block: "nearest" }); }
    }
    function line(entry, number) {
      var item = document.createElement("li"), title = document.createElement("span");
      item.id = list.id + "-" + number;
      item.className = "mcs-found-line";
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.setAttribute("data-place", String(number));
      title.textContent = entry.title;
      item.appendChild(title);
      if (entry.hint) {
        var hint = document.createElement("span");
        hint.className = "mcs-found-hint";
        hint.textContent = entry.hint;
        item.appendChild(document.createTextNode(" "));
        item.appendChild(hint);
      }
      return item;
    }
    function show(found, said) {
      entries = found;
      list.textContent = "";
      found.forEach(function (entry, number) { list.appendChild(line(entry, number)); });
      count.textContent = said;
      mark(-1);
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(Boolean(found.length)));
    }
    function search() {
      var text = input.value.trim(), ticket = asked += 1;
      options.search(text).then(function (found) {
        if (ticket !== asked || document.activeElement !== input) { return; }
        var said = found.filter(function (entry) { return !entry.extra; }).length;
        show(found, said ? options.texts.found.replace("{count}", said) : options.texts.none);
      }).catch(function () { if (ticket === asked) { show([], options.texts.failed); } });
    }
    function take(place) {
      var entry = entries[place];
      if (!entry) { return; }
      asked += 1;
      close();
      count.textContent = "";
      options.choose(entry.value, entry.title, input);
    }

    input.addEventListener("input", function () {
      clearTimeout(timer);
      if (options.typed) { options.typed(input.value); }
      timer = setTimeout(search, WAIT);
    });
    input.addEventListener("keydown", function (event) {
      var open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) { search(); return; }
        var step = event.key === "ArrowDown" ? 1 : -1;
        mark((active + step + entries.length) % entries.length);
      } else if (event.key === "Enter") {
        /* Enter in the box never sends the form: half a search is not an answer. */
        event.preventDefault();
        if (open && active >= 0) { take(active); }
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    input.addEventListener("blur", function () { setTimeout(close, 150); });
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var item = event.target.closest("[data-place]");
      if (item) { take(Number(item.getAttribute("data-place"))); }
    });
    return { close: close };
  };
}());
