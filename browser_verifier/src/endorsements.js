/**
 * Each endorsement inside a badge is a credential of its own, signed by somebody else, and has a line of its own.
 *
 * The badge's signature says only that its issuer put it there. Here is asked whether the endorser signed it, vouches
 * for what it stands in, and has not taken it back. It informs and does not decide: an endorser must not be able to
 * withdraw somebody's badge by losing a key. What could not be checked says so, and is never green.
 *
 * Whoever writes the badge chooses the addresses that are asked, so their number is bounded, and so is the depth.
 *
 * Open Badges 3.0 "OpenBadgeCredential Verification" step 6.
 */

import { isKnown } from "./contexts.js";
import { attribute, isCertain } from "./proofs.js";
import { check, COULD_NOT_CHECK, FAILED, INFORMS, PASSED, unknown } from "./reports.js";
import { checkStatus } from "./status_list.js";
import { endorsementFault, isObject, issuerOf, listed } from "./structure.js";
import { parseTime, SKEW_MS } from "./times.js";

const MAX_ENDORSEMENTS = 20;
const MAX_DEPTH = 3;
const MAX_ADDRESSES = 16;
/** Where something with an id of its own stands that can carry endorsements. */
const STEPS = ["issuer", "credentialSubject", "achievement", "creator", "source", "parentOrg"];
const REASONS = { passed: "endorsements.hold", failed: "endorsements.invalid", could_not_check: "endorsements.undetermined" };

/** A line for each endorsement in *document*. */
export async function checkEndorsements(document, now, { fetch }) {
  const walk = { lines: [], left: MAX_ENDORSEMENTS, now, options: { fetch: bounded(fetch) } };
  await judgeAll(document, 1, walk);
  return walk.lines;
}

async function judgeAll(document, depth, walk) {
  const holders = holdersIn(document);
  const endorsed = new Set(holders.map((node) => node.id).filter((id) => typeof id === "string"));
  for (const node of holders) {
    for (const name of ["endorsement", "endorsementJwt"]) {
      for (const value of listed(node[name] ?? [])) {
        if (walk.left <= 0 || depth > MAX_DEPTH) {
          walk.lines.push(line(COULD_NOT_CHECK, "more than is looked at"));
          return;
        }
        walk.left -= 1;
        const [outcome, detail] = isObject(value) ? await judge(value, endorsed, walk) : [COULD_NOT_CHECK, "a token"];
        walk.lines.push(line(outcome, detail, value));
        if (isObject(value)) {
          await judgeAll(value, depth + 1, walk);
        }
      }
    }
  }
}

/** The outcome, and what it is due to. */
async function judge(document, endorsed, { now, options }) {
  const fault = endorsementFault(document);
  if (fault || !endorsed.has(document.credentialSubject.id)) {
    return [FAILED, fault || "it endorses something else"];
  }
  const start = parseTime(document.validFrom);
  const end = "validUntil" in document ? parseTime(document.validUntil) : Infinity;
  if (!(start <= now + SKEW_MS) || !(end > now)) {
    return [FAILED, "not valid at this time"];
  }
  const checks = await attribute(document, now, options);
  if (isCertain(checks)) {
    checks.push(await checkStatus(document, now, options));
  }
  if (!document["@context"].every(isKnown)) {
    checks.push(unknown("contexts", "contexts.unknown"));
  }
  const worst = [FAILED, COULD_NOT_CHECK].flatMap((outcome) => checks.filter((one) => one.outcome === outcome))[0];
  return worst ? [worst.outcome, worst.reason] : [PASSED, ""];
}

function line(outcome, detail, endorsement) {
  const name = isObject(endorsement?.issuer) && typeof endorsement.issuer.name === "string" ? endorsement.issuer.name : "";
  const who = outcome === PASSED ? name || issuerOf(endorsement) : "";
  return { ...check("endorsements", outcome, REASONS[outcome], detail), bearing: INFORMS, who };
}

function holdersIn(document) {
  const waiting = [document];
  for (const node of waiting) {
    // grows while it is walked; bounded by the document
    for (const step of STEPS) {
      waiting.push(...listed(node[step] ?? []).filter(isObject));
    }
  }
  return waiting;
}

/** *fetch* that asks each address once, and not arbitrarily many. */
function bounded(fetch) {
  const asked = new Map();
  return async (address, settings) => {
    if (!asked.has(address)) {
      if (asked.size >= MAX_ADDRESSES) {
        throw new Error("more addresses than are asked");
      }
      asked.set(address, fetch(address, settings));
    }
    return (await asked.get(address)).clone();
  };
}
