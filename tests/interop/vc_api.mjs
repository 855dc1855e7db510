// A client nobody here wrote, in front of a running VC-API: @digitalbazaar/vc issues and presents, fetch sends.
// In:  {contextsDir, base, now, key: {did, publicKeyMultibase, secretKeyMultibase}, credential, challenge, domain}
// Out: {name: {status, type, body}} for each request.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createPresentation, issue, signPresentation} from '@digitalbazaar/vc';
import {documentsOf, readJob} from './documents.mjs';

const job = readJob();
const documents = documentsOf(job);

async function documentLoader(url) {
  if(!documents.has(url)) {
    throw new Error(`Not among the documents of this job: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents.get(url)};
}

async function post(path, body) {
  const response = await fetch(`${job.base}/${path}`, {
    method: 'POST', headers: {'content-type': 'application/json', accept: 'application/json'},
    body: JSON.stringify(body)
  });
  return {
    status: response.status, type: response.headers.get('content-type'), body: await response.json()
  };
}

const {did, publicKeyMultibase, secretKeyMultibase} = job.key;
const keyPair = await Ed25519Multikey.from({
  '@context': 'https://w3id.org/security/multikey/v1', type: 'Multikey',
  id: `${did}#${publicKeyMultibase}`, controller: did, publicKeyMultibase, secretKeyMultibase
});
const suite = new DataIntegrityProof({signer: keyPair.signer(), cryptosuite, date: job.now});
const verifiableCredential = await issue({credential: job.credential, suite, documentLoader, now: job.now});
const {challenge, domain} = job;
const presentation = createPresentation({verifiableCredential, holder: did, now: job.now});
const verifiablePresentation = await signPresentation({
  presentation, suite, challenge, domain, documentLoader
});

process.stdout.write(JSON.stringify({
  credential: await post('credentials/verify', {
    verifiableCredential, options: {returnCredential: true, returnResults: true, returnProblemDetails: true}
  }),
  changed: await post('credentials/verify', {verifiableCredential: {...verifiableCredential, name: 'Forged'}}),
  presentation: await post('presentations/verify', {
    verifiablePresentation, options: {challenge, domain, returnPresentation: true, returnResults: true}
  }),
  replayed: await post('presentations/verify', {
    verifiablePresentation, options: {challenge: 'another', domain}
  }),
  malformed: await post('credentials/verify', {verifiableCredential: null})
}));
