/**
 * Reads an address within bounds: https only (http for this computer itself), no cookies, no redirects, no cache,
 * at most so many bytes and seconds. A document chooses these addresses, so nothing about the visitor goes along.
 */

const SECONDS = 12;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

export async function read(address, maxBytes, { fetch = globalThis.fetch, own = false, accept = "application/json" } = {}) {
  const url = new URL(address, own ? document.baseURI : undefined);
  const harmless = url.protocol === "https:" || (url.protocol === "http:" && (own || LOOPBACK.has(url.hostname)));
  if (!harmless || url.username || url.password) {
    throw new Error("not an https address");
  }
  const response = await fetch(url.href, {
    headers: { Accept: accept },
    credentials: own ? "same-origin" : "omit",
    cache: "no-store",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(SECONDS * 1000),
  });
  if (!response.ok) {
    throw new Error(`answered with ${response.status}`);
  }
  return collect(response.body, maxBytes);
}

/** All bytes of a stream, or an error as soon as there are more than *maxBytes*. */
export async function collect(stream, maxBytes) {
  const pieces = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw new Error("too large");
    }
    pieces.push(value);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
