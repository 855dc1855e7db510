// Verifies one credential with @digitalcredentials/verifier-core, the engine of VerifierPlus and of the Learner
// Credential Wallet.
// In:  {credential, contextsDir, documents, schemas: {address: file}}
// Out: {verified, errors: [text], status: {step: boolean | text}, schema: [{schema, valid, errors}]}
//
// verifier-core has no document loader to inject. It carries its own contexts, and fetches three things over HTTP:
// the DID document of a did:web, the status list credential, and the JSON schema it guesses from the contexts.
// All go through the global `fetch`; it is replaced, before the library is loaded, by one that answers from the
// job and refuses everything else. So addresses stay the real https ones and nothing leaves the machine.
import {readFileSync} from 'node:fs';
import {readJob, messagesOf} from './documents.mjs';

const job = readJob();
const answers = new Map(Object.entries(job.documents ?? {}).map(([url, json]) => [url, JSON.stringify(json)]));
for(const [url, file] of Object.entries(job.schemas ?? {})) {
  answers.set(url, readFileSync(file, 'utf8'));
}

globalThis.fetch = async request => {
  const url = request.url ?? String(request);
  if(!answers.has(url)) {
    return new Response(`Not among the documents of this job: ${url}`, {status: 404});
  }
  return new Response(answers.get(url), {headers: {'content-type': 'application/json'}});
};
console.log = console.error; // the library talks on standard output

const {verifyCredential} = await import('@digitalcredentials/verifier-core');
const result = await verifyCredential({credential: job.credential, knownDIDRegistries: []});

const status = {};
for(const {id, valid, error} of result.log ?? []) {
  status[id] = valid ?? error?.name ?? 'not answered';
}
const schema = (result.additionalInformation ?? []).flatMap(({results}) =>
  Array.isArray(results) ?
    results.map(({schema, result: {valid, errors}}) => ({schema, valid, errors})) :
    [{schema: String(results), valid: false}]);
const errors = (result.errors ?? []).flatMap(error => [
  ...messagesOf(error), error.name, ...messagesOf(error.stackTrace)
]);
// A registered issuer is a matter of registries, not of the credential.
const steps = Object.entries(status).filter(([id]) => id !== 'registered_issuer');
const verified = errors.length === 0 && steps.length > 0 && steps.every(([, valid]) => valid === true);
process.stdout.write(JSON.stringify({verified, errors, status, schema}));
