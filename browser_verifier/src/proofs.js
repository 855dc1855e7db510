/**
 * Who signed a document: its eddsa-rdfc-2022 proof by Web Crypto, and whether the issuer publishes the key.
 *
 * Canonical forms come from jsonld.js and rdf-canonize in safe mode, where a member that would stay unsigned is an
 * error. Data Integrity EdDSA Cryptosuites 1.0 section 3.2; VC Data Integrity 1.0 section 4.2.
 */

import { decode as decodeBase58 } from "base58-universal";
import jsonld from "jsonld";
import { documentLoader, UnknownContext } from "./contexts.js";
import { joined, sha256 } from "./digests.js";
import { assertionKey, ed25519Key, resolve } from "./keys.js";
import { failed, passed, PASSED, unknown } from "./reports.js";
import { isObject, issuerOf, listed } from "./structure.js";
import { parseTime, SKEW_MS } from "./times.js";

const MAX_PROOFS = 8;
const RANK = { passed: 0, could_not_check: 1, failed: 2 };
const NO_KEY = unknown("key_ownership", "key.no_proof");

/** Answers for signature, key and issuer of *document*; of several proofs the one that proves most counts. */
export async function attribute(document, now, options) {
  const issuer = issuerOf(document);
  const { found, problem } = await resolve(issuer, options).then(
    (value) => ({ found: value, problem: "" }),
    (error) => ({ found: null, problem: error.message }),
  );
  const identity = checkIssuer(issuer, found, problem);
  const proofs = listed(document.proof).filter(Boolean);
  if (!proofs.length || proofs.length > MAX_PROOFS || !proofs.every(isObject)) {
    return [failed("signature", "proof.missing"), NO_KEY, identity];
  }
  const findings = [];
  for (const proof of proofs) {
    findings.push(await examine(document, proof, issuer, found, problem, now));
  }
  const rank = (finding) => finding.reduce((sum, one) => sum + RANK[one.outcome], 0);
  const best = findings.reduce((left, right) => (rank(right) < rank(left) ? right : left));
  return [...best, identity];
}

/** Whether the issuer is known to have signed the document as it is. */
export const isCertain = (checks) => checks.every((one) => one.outcome === PASSED);

function checkIssuer(issuer, found, problem) {
  if (!found) {
    return unknown("issuer", "issuer.unreachable", problem);
  }
  return found.id === issuer ? passed("issuer", "issuer.found", issuer) : failed("issuer", "issuer.other_document");
}

async function examine(document, proof, issuer, found, problem, now) {
  if (proof.type !== "DataIntegrityProof" || proof.cryptosuite !== "eddsa-rdfc-2022") {
    return [unknown("signature", "proof.unsupported"), NO_KEY];
  }
  const method = proof.verificationMethod;
  const late = "created" in proof && !(parseTime(proof.created) <= now + SKEW_MS);
  const ended = "expires" in proof && !(parseTime(proof.expires) > now);
  if (proof.proofPurpose !== "assertionMethod" || typeof method !== "string" || !method.includes("#") || late || ended) {
    return [failed("signature", "proof.malformed"), NO_KEY];
  }
  const [ownership, key] = findKey(method, issuer, found, problem, now);
  return [key ? await checkSignature(document, proof, key) : unknown("signature", "signature.no_key"), ownership];
}

function findKey(method, issuer, found, problem, now) {
  const [did, fragment] = method.split("#");
  const named = ed25519Key(fragment);
  if (did !== issuer) {
    return [failed("key_ownership", "key.other_issuer", method), named];
  }
  if (!found) {
    return [unknown("key_ownership", "key.issuer_unreachable", problem), named];
  }
  const key = found.id === did ? assertionKey(found, did, method, now) : null;
  return key ? [passed("key_ownership", "key.published", method), key] : [failed("key_ownership", "key.not_published", method), named];
}

async function checkSignature(document, proof, key) {
  const { proof: _, ...unsecured } = document;
  const { proofValue, ...stated } = proof;
  let digest;
  try {
    const configuration = await canonical({ ...stated, "@context": document["@context"] });
    digest = joined(await sha256(configuration), await sha256(await canonical(unsecured)));
  } catch (error) {
    return cannotRead(error);
  }
  if (typeof proofValue !== "string" || !/^z[1-9A-HJ-NP-Za-km-z]{60,100}$/.test(proofValue)) {
    return failed("signature", "proof.malformed");
  }
  let publicKey;
  try {
    publicKey = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    return unknown("signature", "signature.browser", error.message);
  }
  const holds = await crypto.subtle.verify({ name: "Ed25519" }, publicKey, decodeBase58(proofValue.slice(1)), digest);
  return holds ? passed("signature", "signature.holds") : failed("signature", "signature.mismatch");
}

/** A term without a meaning leaves something unsigned: that is the document's fault. What we cannot do is ours. */
function cannotRead(error) {
  for (let cause = error; cause; cause = cause.cause ?? cause.details?.cause) {
    if (cause instanceof UnknownContext) {
      return unknown("signature", "contexts.unknown", cause.message);
    }
    if (cause.details?.code === "invalid property" || cause.name === "jsonld.ValidationError") {
      return failed("signature", "signature.unsigned_terms", cause.message);
    }
  }
  return unknown("signature", "signature.too_complex", error.message);
}

async function canonical(value) {
  const text = await jsonld.canonize(value, {
    algorithm: "RDFC-1.0",
    format: "application/n-quads",
    base: null,
    safe: true,
    rdfDirection: "i18n-datatype",
    documentLoader,
  });
  return new TextEncoder().encode(text);
}
