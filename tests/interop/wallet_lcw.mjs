// What Learner Credential Wallet does with its links, with its own packages for keys, presentations and proofs.
// In:  {contextsDir, way: 'exchange' | 'legacy' | 'interaction' | 'document', link}
// Out: {credentials, holder}
import * as vc from '@digitalcredentials/vc';
import {Ed25519VerificationKey2020} from '@digitalcredentials/ed25519-verification-key-2020';
import {Ed25519Signature2020} from '@digitalcredentials/ed25519-signature-2020';
import {securityLoader} from '@digitalcredentials/security-document-loader';
import {readJob} from './documents.mjs';

const job = readJob();
const documentLoader = securityLoader().build();
const key = await Ed25519VerificationKey2020.generate();
const holder = `did:key:${key.fingerprint()}`;
key.controller = holder;
key.id = `${holder}#${key.fingerprint()}`;

async function present(challenge, domain) {
  const presentation = {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://w3id.org/security/suites/ed25519-2020/v1'],
    type: ['VerifiablePresentation'],
    holder
  };
  return vc.signPresentation({
    presentation, challenge, domain, suite: new Ed25519Signature2020({key}), documentLoader
  });
}

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST', headers: {'Content-Type': 'application/json', Accept: 'application/json'},
    body: JSON.stringify(body)
  });
  return response;
}

async function exchange(url) {
  const asked = await (await post(url, {})).json();
  const {challenge, domain, query} = asked.verifiablePresentationRequest;
  if(query[0].type !== 'DIDAuthentication' || !challenge || !domain) {
    throw new Error('The wallet cannot answer this question.');
  }
  const given = await (await post(url, {verifiablePresentation: await present(challenge, domain)})).json();
  return given.verifiablePresentation.verifiableCredential;
}

// The wallet decodes the whole body's HTML entities before it reads the JSON.
const decodeEntities = text => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

const ways = {
  async exchange() {
    const {request} = Object.fromEntries(new URL(job.link).searchParams);
    const {protocols} = JSON.parse(decodeURI(request)); // the second decoding
    return exchange(protocols.vcapi);
  },
  async legacy() {
    const params = Object.fromEntries(new URL(job.link).searchParams);
    if(params.auth_type !== 'bearer') {
      throw new Error('The wallet would open a sign-in page.');
    }
    const response = await post(params.vc_request_url, await present(params.challenge));
    const found = JSON.parse(decodeEntities(await response.text()));
    return found.type.includes('VerifiablePresentation') ? [found.verifiableCredential].flat() : [found];
  },
  async interaction() {
    if(!new URL(job.link).searchParams.get('iuv')) {
      throw new Error('The wallet would not take this for an interaction.');
    }
    const found = await (await fetch(job.link, {headers: {Accept: 'application/json'}})).json();
    return exchange(found.protocols.vcapi);
  },
  async document() {
    const text = await (await fetch(job.link)).text();
    if(!/^{.*}$/s.test(text)) {
      throw new Error('Credential(s) could not be decoded.');
    }
    return [JSON.parse(text)];
  }
};

process.stdout.write(JSON.stringify({credentials: await ways[job.way](), holder}));
