/**
 * Whether a credential is revoked, read from a status list whose own signature is checked first.
 *
 * A list that cannot be had, is another issuer's, is about something else, out of date or too short says nothing: the
 * answer is "could not check", never "not revoked". Bitstring Status List 1.0 section 3.2.
 */

import { collect, read } from "./addresses.js";
import { attribute, isCertain } from "./proofs.js";
import { failed, passed, unknown } from "./reports.js";
import { credentialFault, hasType, isObject, issuerOf, listed } from "./structure.js";
import { parseTime, SKEW_MS } from "./times.js";

const MAX_DOCUMENT = 24_000_000;
const MAX_BITS = 16 * 1024 * 1024;
const MINIMUM_ENTRIES = 131_072;
const MAX_ENTRIES = 4;
const MEANING = { revocation: "status.revoked", suspension: "status.suspended" };
const RANK = { failed: 0, could_not_check: 1, passed: 2 };

class Unreliable extends Error {}

export async function checkStatus(document, now, options) {
  if (!("credentialStatus" in document)) {
    return passed("status", "status.none");
  }
  const entries = listed(document.credentialStatus);
  if (!entries.length || entries.length > MAX_ENTRIES || !entries.every(isObject)) {
    return unknown("status", "status.unsupported");
  }
  const answers = [];
  for (const entry of entries) {
    answers.push(await checkEntry(document, entry, now, options));
  }
  return answers.reduce((left, right) => (RANK[right.outcome] < RANK[left.outcome] ? right : left));
}

async function checkEntry(document, entry, now, options) {
  const { statusListCredential: address, statusListIndex: index, statusPurpose: purpose } = entry;
  const readable = typeof address === "string" && typeof index === "string" && /^(?:0|[1-9]\d{0,9})$/.test(index);
  if (!hasType(entry, "BitstringStatusListEntry") || (entry.statusSize ?? 1) !== 1 || !readable || !MEANING[purpose]) {
    return unknown("status", "status.unsupported");
  }
  let bytes;
  try {
    bytes = await read(address, MAX_DOCUMENT, { ...options, accept: "application/vc+ld+json, application/json" });
  } catch (error) {
    return unknown("status", "status.not_fetched", error.message);
  }
  try {
    const isSet = await readList(bytes, address, issuerOf(document), purpose, Number(index), now, options);
    return isSet ? failed("status", MEANING[purpose]) : passed("status", "status.clear");
  } catch (error) {
    return unknown("status", "status.unreliable", error.message);
  }
}

async function readList(bytes, address, issuer, purpose, index, now, options) {
  const list = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  const fault = isObject(list) ? credentialFault(list) : "not an object";
  const subject = list?.credentialSubject;
  if (fault || !hasType(list, "BitstringStatusListCredential") || list.id !== address || !hasType(subject, "BitstringStatusList")) {
    throw new Unreliable(fault || "not the list that was asked for");
  }
  if (issuerOf(list) !== issuer) {
    throw new Unreliable("another issuer's list");
  }
  if (!listed(subject.statusPurpose).includes(purpose)) {
    throw new Unreliable("a list about something else");
  }
  if (!(parseTime(list.validFrom) <= now + SKEW_MS) || ("validUntil" in list && !(parseTime(list.validUntil) > now))) {
    throw new Unreliable("the list is out of date");
  }
  if (!isCertain(await attribute(list, now, options))) {
    throw new Unreliable("the list is not signed as it should be");
  }
  return bitOf(await unpack(subject.encodedList), index);
}

async function unpack(encoded) {
  if (typeof encoded !== "string" || !/^u[A-Za-z0-9_-]+$/.test(encoded)) {
    throw new Unreliable("the list cannot be decoded");
  }
  const packed = Uint8Array.from(atob(encoded.slice(1).replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  return collect(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")), MAX_BITS);
}

/** Index 0 is the most significant bit of the first byte. */
function bitOf(bits, index) {
  if (bits.length * 8 < MINIMUM_ENTRIES || index >= bits.length * 8) {
    throw new Unreliable("the list is too short");
  }
  return (bits[index >> 3] & (0x80 >> (index & 7))) !== 0;
}
