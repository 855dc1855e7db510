// Verifies one credential with the @digitalbazaar libraries, offline.
// In:  {credential, contextsDir, documents, now?}
// Out: {verified, errors: [text], status: {purpose: boolean}}
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {verifyCredential} from '@digitalbazaar/vc';
import {documentsOf, messagesOf, readJob} from './documents.mjs';

const job = readJob();
const documents = documentsOf(job);
const suite = new DataIntegrityProof({cryptosuite});

async function documentLoader(url) {
  if(!documents.has(url)) {
    throw new Error(`Not among the documents of this job: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents.get(url)};
}

const result = await verifyCredential({
  credential: job.credential,
  suite,
  documentLoader,
  now: job.now,
  checkStatus: ({credential}) => checkStatus({credential, documentLoader, suite})
});

// `verified` stays true when the bit is set: whether the credential is revoked stands in the results only.
const status = {};
for(const entry of result.statusResult?.results ?? []) {
  status[entry.credentialStatus.statusPurpose] = entry.status;
}
const errors = [...messagesOf(result.error), ...messagesOf(result.statusResult?.error)];
process.stdout.write(JSON.stringify({verified: result.verified === true, errors, status}));
