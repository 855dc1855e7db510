// What the judging page gains from a script: the sum while one chooses, a draft that saves itself, a reservation
// that begins when the page opens, and saved comments put in without a new page. Everything works without it.
const form = document.querySelector("[data-mcv-verdict]") ?? document.querySelector("#verdict");

if (form) {
  const sum = form.querySelector("[data-mcv-sum]");
  const comment = form.querySelector("#comment");
  const saved = form.querySelector("[data-mcv-saved]");
  const claimText = document.querySelector("[data-mcv-claim-text]");

  const number = (text) => Number.parseFloat(text) || 0;
  const shown = (value) => value.toLocaleString(document.documentElement.lang || undefined, { maximumFractionDigits: 2 });

  const addUp = () => {
    if (!sum) return;
    const chosen = [...form.querySelectorAll("input[data-points]:checked")];
    const criteria = new Set([...form.querySelectorAll("input[data-points]")].map((input) => input.name));
    const points = chosen.reduce((total, input) => total + number(input.dataset.points), 0);
    const text = sum.querySelector("[data-mcv-sum-text]");
    const whole = chosen.length === criteria.size;
    const enough = points >= number(sum.dataset.pass);
    const said = sum.dataset.text.replace("{points}", shown(points)).replace("{most}", shown(number(sum.dataset.most)));
    text.textContent = `${said}. ${whole ? (enough ? sum.dataset.enough : sum.dataset.short) : sum.dataset.open}`;
    text.dataset.enough = whole ? (enough ? "yes" : "no") : "";
  };
  form.addEventListener("change", addUp);
  addUp();

  for (const button of form.querySelectorAll("[data-mcv-insert]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const words = button.closest("li").querySelector("[data-mcv-saved-text]").textContent;
      comment.value = [comment.value.trimEnd(), words].filter(Boolean).join("\n");
      comment.focus();
      later();
    });
  }

  const tell = (answer) => {
    if (claimText && answer.claim) claimText.textContent = answer.claim;
    const reserve = document.querySelector("[data-mcv-reserve]");
    if (reserve && answer.mine) reserve.hidden = true;
  };

  const send = async (address) => {
    const answer = await fetch(address, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      redirect: "error",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  let waiting = 0;
  let last = "";
  const content = () => new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken")).toString();

  const save = async () => {
    const now = content();
    if (now === last) return;
    try {
      const answer = await send(form.dataset.draft);
      last = now;
      if (saved) saved.textContent = answer.saved;
      tell(answer);
    } catch {
      if (saved) saved.textContent = form.dataset.unsaved;
    }
  };
  const later = () => {
    if (!form.dataset.draft) return;
    clearTimeout(waiting);
    waiting = setTimeout(save, 1200);
  };

  if (form.dataset.draft) {
    last = content();
    form.addEventListener("input", later);
    form.addEventListener("submit", () => clearTimeout(waiting));
    if (form.dataset.reserve) send(form.dataset.reserve).then(tell, () => {});
    // Who only looked and goes away leaves it to others; who wrote something keeps it.
    let kept = !form.dataset.reserve;
    form.addEventListener("input", () => (kept = true));
    form.addEventListener("submit", () => (kept = true));
    addEventListener("pagehide", () => {
      if (kept) return;
      const answer = new FormData();
      answer.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      answer.set("quietly", "yes");
      navigator.sendBeacon(form.dataset.release, answer);
    });
  }
}
