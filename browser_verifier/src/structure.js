/**
 * Whether a parsed document is an Open Badges 3.0 credential, and whether two readers could see two things in it.
 *
 * Open Badges 3.0 "Verification" step 1; VCDM 2.0 section 4.
 */

const V2 = "https://www.w3.org/ns/credentials/v2";
const OB = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context-3\.0\.[123]\.json$/;
const ROOT_ONLY = ["issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus", "evidence", "proof"];

export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
export const listed = (value) => (Array.isArray(value) ? value : [value]);
export const hasType = (node, kind) => listed(node?.type).includes(kind);
const isAddress = (value) => typeof value === "string" && /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(value);
const isText = (value) => typeof value === "string" && value.trim() !== "";

/** The issuer's identifier, given as text or as object; empty when there is none. */
export function issuerOf(document) {
  const id = isObject(document.issuer) ? document.issuer.id : document.issuer;
  return typeof id === "string" ? id : "";
}

/** What keeps *document* from being a credential of the data model, or an empty text. */
export function credentialFault(document) {
  const parts = {
    "@context": Array.isArray(document["@context"]) && document["@context"][0] === V2,
    type: hasType(document, "VerifiableCredential"),
    id: isAddress(document.id),
    issuer: isAddress(issuerOf(document)),
    credentialSubject: isObject(document.credentialSubject),
  };
  const wrong = Object.keys(parts).find((name) => !parts[name]);
  return wrong ?? (repeatsItself(document) ? "the credential is described in two places" : "");
}

/** The same for an achievement credential. */
export function badgeFault(document) {
  const fault = credentialFault(document);
  if (fault) {
    return fault;
  }
  const subject = document.credentialSubject;
  const achievement = subject.achievement;
  const named = listed(subject.identifier).some((entry) => isObject(entry) && isText(entry.identityHash));
  const parts = {
    "@context": OB.test(document["@context"][1]),
    type: hasType(document, "OpenBadgeCredential") || hasType(document, "AchievementCredential"),
    "credentialSubject.type": hasType(subject, "AchievementSubject"),
    "credentialSubject.id": isText(subject.id) || named,
    "credentialSubject.achievement": isObject(achievement) && hasType(achievement, "Achievement"),
    "achievement.id": isText(achievement?.id),
    "achievement.name": isText(achievement?.name),
    "achievement.description": isText(achievement?.description),
    "achievement.criteria": isText(achievement?.criteria?.id) || isText(achievement?.criteria?.narrative),
  };
  return Object.keys(parts).find((name) => !parts[name]) ?? "";
}

/** The same for an endorsement. */
export function endorsementFault(document) {
  const fault = credentialFault(document);
  if (fault) {
    return fault;
  }
  const subject = document.credentialSubject;
  const parts = {
    "@context": OB.test(document["@context"][1]),
    type: hasType(document, "EndorsementCredential"),
    name: isText(document.name) || isText(document.name?.["@value"]),
    "credentialSubject.type": hasType(subject, "EndorsementSubject"),
    "credentialSubject.id": isAddress(subject.id),
  };
  return Object.keys(parts).find((name) => !parts[name]) ?? "";
}

/** Whether something inside says about the credential's own id what only its root may say. */
function repeatsItself(document) {
  const waiting = Object.values(document);
  for (const item of waiting) {
    // grows while it is walked
    if (isObject(item) && item.id === document.id && ROOT_ONLY.some((name) => name in item)) {
      return true;
    }
    if (item !== null && typeof item === "object") {
      for (const inner of Object.values(item)) {
        waiting.push(inner);
      }
    }
  }
  return false;
}
