// Issues and verifies many credentials in one go, with @digitalbazaar/vc and jose, offline.
// In:  {contextsDir, documents, now, key: {did, publicKeyMultibase, secretKeyMultibase},
//       issue: [credential], verify: [credential], sign: [{claims, alg, jwk}], tokens: [{token, alg, jwk}]}
// Out: {issued: [credential or null], verified: [boolean], signed: [token], held: [boolean]}
// A revoked credential counts as not verified: the library itself reports the bit beside `verified: true`.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as jose from 'jose';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {issue, verifyCredential} from '@digitalbazaar/vc';
import {documentsOf, readJob} from './documents.mjs';

const job = readJob();
const documents = documentsOf(job);

async function documentLoader(url) {
  if(!documents.has(url)) {
    throw new Error(`Not among the documents of this job: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents.get(url)};
}

const {did, publicKeyMultibase, secretKeyMultibase} = job.key;
const keyPair = await Ed25519Multikey.from({
  '@context': 'https://w3id.org/security/multikey/v1', type: 'Multikey',
  id: `${did}#${publicKeyMultibase}`, controller: did, publicKeyMultibase, secretKeyMultibase
});
const signing = new DataIntegrityProof({signer: keyPair.signer(), cryptosuite, date: job.now});
const suite = new DataIntegrityProof({cryptosuite});

function publicPart({d, p, q, dp, dq, qi, ...jwk}) {
  return jwk;
}

const results = {issued: [], verified: [], signed: [], held: []};
for(const credential of job.issue) {
  results.issued.push(await issue({credential, suite: signing, documentLoader, now: job.now}).catch(() => null));
}
for(const credential of job.verify) {
  const result = await verifyCredential({
    credential, suite, documentLoader, now: job.now,
    checkStatus: ({credential}) => checkStatus({credential, documentLoader, suite})
  }).catch(() => ({verified: false}));
  const isSet = (result.statusResult?.results ?? []).some(entry => entry.status);
  results.verified.push(result.verified === true && !isSet);
}
for(const {claims, alg, jwk} of job.sign) {
  results.signed.push(await new jose.SignJWT(claims)
    .setProtectedHeader({alg, typ: 'JWT', jwk: publicPart(jwk)}).sign(await jose.importJWK(jwk, alg)));
}
for(const {token, alg, jwk} of job.tokens) {
  const options = {algorithms: [alg], currentDate: new Date(job.now)};
  const key = await jose.importJWK(publicPart(jwk), alg);
  results.held.push(await jose.jwtVerify(token, key, options).then(() => true, () => false));
}
process.stdout.write(JSON.stringify(results));
