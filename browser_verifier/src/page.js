/**
 * Puts the report of `verify` into a page: on the verify page after a press of the button, in a saved page at once.
 *
 * Markup: `[data-verifier]` has the credential's address in `data-document` or its bytes (base64) in
 * `data-credential`; in it are `[data-verifier-result]` (a live region), a `template` for one check, and the sentences
 * in a data block (`script` of the type application/json). Everything that comes from the credential goes in as text, never as markup.
 */

import { read } from "./addresses.js";
import { COULD_NOT_CHECK, unknown } from "./reports.js";
import { issuerOf } from "./structure.js";
import { verify } from "./verification.js";

export { verify };

const MAX_CREDENTIAL = 2_000_000;
const ICONS = { passed: "✓", failed: "✕", could_not_check: "?", valid: "✓", invalid: "✕", undetermined: "?" };

/** Make all checks and show them; gives the report back. */
export async function run(root) {
  const words = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  const result = root.querySelector("[data-verifier-result]");
  result.replaceChildren(paragraph(words.working));
  const report = await reportOf(root);
  result.replaceChildren(heading(report, words), facts(report.document, words), list(report.checks, root, words));
  return report;
}

async function reportOf(root) {
  let bytes;
  try {
    bytes = root.dataset.credential
      ? Uint8Array.from(atob(root.dataset.credential), (letter) => letter.charCodeAt(0))
      : await read(root.dataset.document, MAX_CREDENTIAL, { own: true, accept: "application/vc+ld+json" });
  } catch (error) {
    const checks = [unknown("structure", "document.unreachable", error.message)];
    return { verdict: "undetermined", checks, document: null };
  }
  try {
    return await verify(bytes);
  } catch (error) {
    return { verdict: "undetermined", checks: [unknown("structure", "document.unread", error.message)], document: null };
  }
}

function heading(report, words) {
  const revoked = report.checks.some((one) => one.reason === "status.revoked");
  const element = document.createElement("div");
  element.className = `mc-verdict mc-verdict--${report.verdict}`;
  element.dataset.verdict = report.verdict;
  const icon = document.createElement("span");
  icon.className = "mc-verdict__icon";
  icon.setAttribute("aria-hidden", "true");
  icon.textContent = ICONS[report.verdict];
  const text = paragraph(revoked ? words.revoked : words[report.verdict]);
  text.className = "mc-verdict__word";
  element.append(icon, text);
  return element;
}

/** What the checked file itself says, whatever the page around it claims. */
function facts(found, words) {
  const element = document.createElement("dl");
  element.className = "mc-facts";
  const said = {
    [words.badge]: found?.credentialSubject?.achievement?.name,
    [words.issuer]: found?.issuer?.name,
    [words.identifier]: found && issuerOf(found),
    [words.since]: found?.validFrom,
  };
  for (const [name, value] of Object.entries(said)) {
    if (typeof value === "string" && value) {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const detail = document.createElement("dd");
      term.textContent = name;
      detail.textContent = value.slice(0, 300);
      row.append(term, detail);
      element.append(row);
    }
  }
  return element;
}

function list(checks, root, words) {
  const element = document.createElement("ul");
  element.className = "mc-checks";
  for (const one of checks) {
    const item = root.querySelector("template").content.firstElementChild.cloneNode(true);
    item.classList.add(`mc-check--${one.outcome}`);
    item.dataset.check = one.code;
    item.dataset.reason = one.reason;
    item.querySelector(".mc-check__icon").textContent = ICONS[one.outcome];
    const text = item.querySelector(".mc-check__text");
    text.textContent = words.sentences[one.reason] ?? words.outcomes[COULD_NOT_CHECK];
    if (one.who) {
      const who = document.createElement("bdi");
      who.textContent = one.who.slice(0, 300);
      text.append(" — ", who);
    }
    item.querySelector(".mc-check__word").textContent = words.outcomes[one.outcome];
    element.append(item);
  }
  return element;
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

const saved = globalThis.document?.querySelector("[data-verifier-saved]");
if (saved) {
  run(saved);
}
