// Issues and verifies many credentials in one go, with @digitalbazaar/vc and jose, offline.
// In:  {contextsDir, documents, now, key: {did, publicKeyMultibase, secretKeyMultibase, jwk},
//       issue: [credential], verify: [credential], sign: [claims], tokens: [token]}
// Out: {issued: [credential or null], verified: [boolean], signed: [token], held: [boolean]}
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as jose from 'jose';
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

const {did, publicKeyMultibase, secretKeyMultibase, jwk} = job.key;
const keyPair = await Ed25519Multikey.from({
  '@context': 'https://w3id.org/security/multikey/v1', type: 'Multikey',
  id: `${did}#${publicKeyMultibase}`, controller: did, publicKeyMultibase, secretKeyMultibase
});
const signing = new DataIntegrityProof({signer: keyPair.signer(), cryptosuite, date: job.now});
const suite = new DataIntegrityProof({cryptosuite});
const {d: _secret, ...publicJwk} = jwk;
const secretKey = await jose.importJWK(jwk, 'EdDSA');
const publicKey = await jose.importJWK(publicJwk, 'EdDSA');

const results = {issued: [], verified: [], signed: [], held: []};
for(const credential of job.issue) {
  results.issued.push(await issue({credential, suite: signing, documentLoader, now: job.now}).catch(() => null));
}
for(const credential of job.verify) {
  const result = await verifyCredential({
    credential, suite, documentLoader, now: job.now, checkStatus: async () => ({verified: true})
  }).catch(() => ({verified: false}));
  results.verified.push(result.verified === true);
}
for(const claims of job.sign) {
  results.signed.push(await new jose.SignJWT(claims)
    .setProtectedHeader({alg: 'EdDSA', typ: 'JWT', jwk: publicJwk}).sign(secretKey));
}
for(const token of job.tokens) {
  const options = {algorithms: ['EdDSA'], currentDate: new Date(job.now)};
  results.held.push(await jose.jwtVerify(token, publicKey, options).then(() => true, () => false));
}
process.stdout.write(JSON.stringify(results));
