// The peers of the measurements, one operation per line of standard input, offline.
// In:  first {contextsDir, documents, credentials, secretKeyMultibase, publicKeyMultibase, controller, date, jwk,
//      listUrl, revoked, largeRevoked};
//      then {op, count} lines
// Out: {seconds} of processor time (all threads of this process) per line
import {createInterface} from 'node:readline';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createList, createCredential} from '@digitalbazaar/vc-bitstring-status-list';
import {issue, verifyCredential} from '@digitalbazaar/vc';
import * as jose from 'jose';
import {documentsOf} from './documents.mjs';

const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();
const job = JSON.parse((await lines.next()).value);
const documents = documentsOf(job);
const {credentials} = job;

async function documentLoader(url) {
  if(!documents.has(url)) {
    throw new Error(`Not among the documents of this job: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents.get(url)};
}

const keyPair = await Ed25519Multikey.from({
  '@context': 'https://w3id.org/security/multikey/v1', type: 'Multikey',
  id: `${job.controller}#${job.publicKeyMultibase}`, controller: job.controller,
  publicKeyMultibase: job.publicKeyMultibase, secretKeyMultibase: job.secretKeyMultibase
});
const suite = new DataIntegrityProof({signer: keyPair.signer(), cryptosuite, date: job.date});
const verifySuite = new DataIntegrityProof({cryptosuite});

const joseKey = await jose.importJWK(job.jwk, 'EdDSA');
const {d: _secret, ...publicJwk} = job.jwk;
const josePublic = await jose.importJWK(publicJwk, 'EdDSA');

async function listWith(length, revoked) {
  const list = await createList({length});
  for(const index of revoked) {
    list.setStatus(index, true);
  }
  return list;
}

const list = await listWith(131072, job.revoked);
const largeList = await listWith(1048576, job.largeRevoked);

async function publish(list) {
  const credential = await createCredential({id: job.listUrl, list, context: undefined, statusPurpose: 'revocation'});
  credential.issuer = job.controller;
  credential.validFrom = job.date;
  return JSON.stringify(await issue({credential, suite, documentLoader}));
}

function flip(list, number) {
  const index = number * 7919 % list.length;
  list.setStatus(index, !list.getStatus(index));
}

async function issueOne(n) {
  const credential = structuredClone(credentials[n % credentials.length]);
  const signed = await issue({credential, suite, documentLoader});
  return JSON.stringify(signed);
}

async function signJwt(n) {
  const credential = credentials[n % credentials.length];
  return new jose.SignJWT({
    ...credential, iss: credential.issuer.id, jti: credential.id, sub: credential.credentialSubject.id,
    nbf: Math.floor(Date.parse(credential.validFrom) / 1000),
    exp: Math.floor(Date.parse(credential.validUntil) / 1000)
  }).setProtectedHeader({alg: 'EdDSA', typ: 'JWT', jwk: publicJwk}).sign(joseKey);
}

const signed = [], tokens = [];
for(let n = 0; n < credentials.length; ++n) {
  signed.push(await issueOne(n));
  tokens.push(await signJwt(n));
}
let flipped = 0;

const operations = {
  issue: issueOne,
  async verify(n) {
    const credential = JSON.parse(signed[n % signed.length]);
    const result = await verifyCredential({credential, suite: verifySuite, documentLoader, now: job.date,
      checkStatus: async () => ({verified: true})});
    if(!result.verified) {
      throw new Error(`not verified: ${JSON.stringify(result.error)}`);
    }
  },
  'jwt-issue': signJwt,
  async 'jwt-verify'(n) {
    await jose.jwtVerify(tokens[n % tokens.length], josePublic,
      {algorithms: ['EdDSA'], currentDate: new Date(job.date)});
  },
  async status() {
    flip(list, ++flipped);
    return publish(list);
  },
  async 'status-large'() {
    flip(largeList, ++flipped);
    return publish(largeList);
  },
  async 'revoke-many'() {
    for(let n = 0; n < 1000; ++n) {
      flip(list, n);
    }
    return publish(list);
  }
};

process.stdout.write(JSON.stringify({ready: true, signed, tokens}) + '\n');
for await (const line of lines) {
  const {op, count} = JSON.parse(line);
  const before = process.cpuUsage();
  for(let n = 0; n < count; ++n) {
    await operations[op](n);
  }
  const used = process.cpuUsage(before);
  process.stdout.write(JSON.stringify({seconds: (used.user + used.system) / 1e6}) + '\n');
}
