/**
 * Offers the badge to a wallet in this browser (Credential Handler API), where the operator has named the polyfill.
 *
 * The polyfill is a third party's script, so nothing of it is loaded before the learner presses the button.
 */

const place = document.querySelector("[data-chapi]");
const said = place?.querySelector("[data-chapi-said]");

async function store() {
  try {
    if (!window.credentialHandlerPolyfill) {
      await new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = place.dataset.chapi;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      });
    }
    await window.credentialHandlerPolyfill.loadOnce();
    const answer = await fetch(place.dataset.chapiDocument, { headers: { Accept: "application/json" } });
    const credential = await answer.json();
    const presentation = {
      "@context": ["https://www.w3.org/ns/credentials/v2"],
      type: ["VerifiablePresentation"],
      verifiableCredential: [credential],
    };
    const stored = await navigator.credentials.store(new window.WebCredential("VerifiablePresentation", presentation));
    said.textContent = stored ? said.dataset.chapiStored : said.dataset.chapiFailed;
  } catch {
    said.textContent = said.dataset.chapiFailed;
  }
}

if (place) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", store);
}
