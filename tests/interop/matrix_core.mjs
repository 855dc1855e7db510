// Verifies many credentials in one go with @digitalcredentials/verifier-core; see verify_core.mjs for how it is kept
// offline.
// In:  {credentials: [credential], contextsDir, documents, schemas: {address: file}}
// Out: [{verified, status: {step: boolean | text}, schema: [boolean]}]
import {readFileSync} from 'node:fs';
import {readJob} from './documents.mjs';

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

const results = [];
for(const credential of job.credentials) {
  const result = await verifyCredential({credential, knownDIDRegistries: []})
    .catch(error => ({errors: [error], log: []}));
  const status = {};
  for(const {id, valid, error} of result.log ?? []) {
    status[id] = valid ?? error?.name ?? 'not answered';
  }
  const schema = (result.additionalInformation ?? []).flatMap(({results}) =>
    Array.isArray(results) ? results.map(({result: {valid}}) => valid) : []);
  // A registered issuer is a matter of registries, not of the credential.
  const steps = Object.entries(status).filter(([id]) => id !== 'registered_issuer');
  const verified = !(result.errors ?? []).length && steps.length > 0 && steps.every(([, valid]) => valid === true);
  results.push({verified, status, schema});
}
process.stdout.write(JSON.stringify(results));
