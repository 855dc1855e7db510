// The npm library jose on tokens of credentials: {tokens: [{token, jwk}]} in, for each its header and payload, or why not.
import { compactVerify, importJWK } from "jose";
import { readJob } from "./documents.mjs";

const found = [];
for (const { token, jwk } of readJob().tokens) {
  try {
    const { payload, protectedHeader } = await compactVerify(token, await importJWK(jwk, "EdDSA"), { algorithms: ["EdDSA"] });
    found.push({ header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload)) });
  } catch (error) {
    found.push({ problem: error.code ?? error.message });
  }
}
process.stdout.write(JSON.stringify({ found }));
