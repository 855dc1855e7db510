// did-jwt-vc on tokens of the older data model: {tokens, documents: {did: DID document}, now} in, for each its credential or why not.
import { Resolver } from "did-resolver";
import { verifyCredential } from "did-jwt-vc";
import { readJob } from "./documents.mjs";

const job = readJob();
const resolve = async (did) => ({
  didDocument: job.documents[did] ?? null,
  didDocumentMetadata: {},
  didResolutionMetadata: job.documents[did] ? {} : { error: "notFound" },
});
const resolver = new Resolver({ key: resolve, web: resolve, jwk: resolve });
const found = [];
for (const token of job.tokens) {
  try {
    const { verifiableCredential, payload, issuer, signer } = await verifyCredential(token, resolver, {
      policies: { now: job.now },
    });
    found.push({ credential: verifiableCredential, payload, issuer, key: signer.id });
  } catch (error) {
    found.push({ problem: error.message });
  }
}
process.stdout.write(JSON.stringify({ found }));
