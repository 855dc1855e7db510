/**
 * The meaning of every term comes from files inside this program, compared with their pinned digests; the network is
 * never asked. Any other context is refused by name.
 */

import bundled from "bundled-contexts";
import { hex, sha256 } from "./digests.js";

const entries = new Map(bundled.map((entry) => [entry.url, entry]));
const documents = new Map();

export class UnknownContext extends Error {}

export const isKnown = (context) => typeof context === "string" && entries.has(context);

/** The loader that jsonld.js asks. */
export async function documentLoader(url) {
  const entry = entries.get(url);
  if (!entry) {
    throw new UnknownContext(url);
  }
  if (!documents.has(url)) {
    const found = hex(await sha256(new TextEncoder().encode(entry.text)));
    if (found !== entry.sha256) {
      throw new UnknownContext(`${url} is not as it was published`);
    }
    documents.set(url, JSON.parse(entry.text));
  }
  return { contextUrl: null, documentUrl: url, document: documents.get(url) };
}
