/**
 * Whose key it is: did:key carries it in its name, did:web publishes it at the organisation's own address.
 *
 * did:key Method v0.9; did:web Method Specification; Controlled Identifiers 1.0 section 2 and Multikey.
 */

import { decode as decodeBase58 } from "base58-universal";
import { read } from "./addresses.js";
import { parseTime } from "./times.js";

const MAX_DID_DOCUMENT = 200_000;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const SEGMENT = /^(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+$/;

/** The 32 bytes of an Ed25519 key in multibase, or null for anything else. */
export function ed25519Key(multikey) {
  if (typeof multikey !== "string" || !/^z[1-9A-HJ-NP-Za-km-z]{40,60}$/.test(multikey)) {
    return null;
  }
  const bytes = decodeBase58(multikey.slice(1));
  return bytes.length === 34 && bytes[0] === 0xed && bytes[1] === 0x01 ? bytes.slice(2) : null;
}

/** The https address of the document of a did:web. */
export function didWebAddress(did) {
  const [, method, authority, ...path] = did.split(":");
  const [host, port, more] = decodeURIComponent(authority ?? "").split(":");
  const labels = host.split(".");
  const named = host.length < 254 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1));
  const numbered = port === undefined || (/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65536);
  const plain = path.every((segment) => SEGMENT.test(segment) && segment !== "." && segment !== "..");
  if (method !== "web" || !named || !numbered || !plain || more !== undefined) {
    throw new Error("not a did:web");
  }
  const place = path.length ? path.join("/") : ".well-known";
  return `https://${host}${port === undefined ? "" : `:${port}`}/${place}/did.json`;
}

/** The DID document of *did*; throws when it cannot be had. */
export async function resolve(did, options) {
  if (did.startsWith("did:key:")) {
    const key = did.slice("did:key:".length);
    if (!ed25519Key(key)) {
      throw new Error("a key of another kind");
    }
    const method = { id: `${did}#${key}`, type: "Multikey", controller: did, publicKeyMultibase: key };
    return { id: did, verificationMethod: [method], assertionMethod: [method.id] };
  }
  const bytes = await read(didWebAddress(did), MAX_DID_DOCUMENT, { ...options, accept: "application/did+json, application/json" });
  const found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (found === null || typeof found !== "object" || Array.isArray(found)) {
    throw new Error("not a DID document");
  }
  return found;
}

/** The key that *did*'s document lists under *methodId* for signing credentials, or null if it does not. */
export function assertionKey(found, did, methodId, now) {
  const absolute = (name) => (typeof name === "string" && name.startsWith("#") ? did + name : name);
  const list = (value) => (Array.isArray(value) ? value : [value]).filter(Boolean);
  const assertions = list(found.assertionMethod);
  const embedded = assertions.filter((entry) => typeof entry === "object");
  if (!assertions.some((entry) => absolute(typeof entry === "string" ? entry : entry.id) === methodId)) {
    return null;
  }
  const method = [...list(found.verificationMethod), ...embedded].find((entry) => absolute(entry?.id) === methodId);
  const ended = ["revoked", "expires"].some((end) => method && end in method && !(parseTime(method[end]) > now));
  if (!method || method.controller !== did || ended) {
    return null;
  }
  return ["Multikey", "Ed25519VerificationKey2020"].includes(method.type) ? ed25519Key(method.publicKeyMultibase) : null;
}
