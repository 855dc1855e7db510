/**
 * One report on the bytes of a credential: the same questions as the site's own verifier asks, answered here.
 *
 * Nothing that the page says is used: only the bytes, the issuer's DID document and the issuer's status list, and the
 * same of whoever endorsed the badge.
 */

import { isKnown } from "./contexts.js";
import { checkEndorsements } from "./endorsements.js";
import { attribute, isCertain } from "./proofs.js";
import { failed, passed, unknown, verdict } from "./reports.js";
import { checkSchema } from "./schema.js";
import { checkStatus } from "./status_list.js";
import { badgeFault, isObject } from "./structure.js";
import { parseTime, SKEW_MS } from "./times.js";

const CODES = ["contexts", "signature", "key_ownership", "issuer", "validity_period", "status"];

/** `{verdict, checks, document}`; *document* is null when the bytes are no JSON object. Never throws. */
export async function verify(bytes, { now = Date.now(), fetch = globalThis.fetch } = {}) {
  const document = parse(bytes);
  if (!document) {
    return conclude([failed("structure", "document.unreadable"), ...CODES.map((code) => unknown(code, "document.unread"))], null);
  }
  const fault = badgeFault(document);
  const attribution = globalThis.crypto?.subtle
    ? await attribute(document, now, { fetch })
    : [unknown("signature", "signature.browser"), unknown("key_ownership", "signature.browser"), unknown("issuer", "signature.browser")];
  const checks = [
    fault ? failed("structure", "structure.incomplete", fault) : passed("structure", "structure.complete"),
    checkContexts(document),
    ...attribution,
    checkValidity(document, now),
    isCertain(attribution) ? await checkStatus(document, now, { fetch }) : unknown("status", "status.not_looked_up"),
    checkSchema(document),
  ];
  // Nothing is asked in the name of a badge of which it is not certain who made it.
  checks.push(...(await checkEndorsements(document, now, { fetch: isCertain(attribution) ? fetch : refuse })));
  if ("verifiableCredential" in (document.credentialSubject ?? {})) {
    checks.push(unknown("parts", "parts.undetermined"));
  }
  return conclude(checks, document);
}

const refuse = async () => {
  throw new Error("not looked up");
};

const conclude = (checks, document) => ({ verdict: verdict(checks), checks, document });

function parse(bytes) {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function checkContexts(document) {
  const contexts = document["@context"];
  const strange = (Array.isArray(contexts) ? contexts : [contexts]).find((context) => !isKnown(context));
  return strange === undefined && Array.isArray(contexts) && contexts.length
    ? passed("contexts", "contexts.known")
    : unknown("contexts", "contexts.unknown", typeof strange === "string" ? strange : "");
}

function checkValidity(document, now) {
  const start = parseTime(document.validFrom);
  const end = "validUntil" in document ? parseTime(document.validUntil) : Infinity;
  if (Number.isNaN(start) || Number.isNaN(end)) {
    return failed("validity_period", "validity.unreadable");
  }
  if (start > now + SKEW_MS) {
    return failed("validity_period", "validity.not_yet");
  }
  return end > now ? passed("validity_period", "validity.current") : failed("validity_period", "validity.expired");
}
