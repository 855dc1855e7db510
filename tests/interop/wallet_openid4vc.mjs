// A wallet built on @openid4vc/openid4vci: fetches one badge by an OpenID4VCI 1.0 offer from a running server.
// In:  {offer, txCode?, algorithm: 'EdDSA' | 'ES256', keys: how many, browser?: {clientId, redirectUri, cookie, award}}
// Out: {credentials, format, holders, notified, version}
import {createHash, randomBytes} from 'node:crypto';
import {exportJWK, generateKeyPair, CompactSign} from 'jose';
import {clientAuthenticationAnonymous, clientAuthenticationNone} from '@openid4vc/oauth2';
import {Openid4vciClient, setGlobalConfig} from '@openid4vc/openid4vci';
import {readJob} from './documents.mjs';
import {consentInBrowser} from './browser_consent.mjs';

setGlobalConfig({allowInsecureUrls: true}); // the server is on loopback
const job = readJob();
const keys = [];
for(let i = 0; i < (job.keys ?? 1); i++) {
  const curve = job.algorithm === 'EdDSA' ? {crv: 'Ed25519'} : {};
  const pair = await generateKeyPair(job.algorithm, {extractable: true, ...curve});
  const publicJwk = await exportJWK(pair.publicKey);
  const did = `did:jwk:${Buffer.from(JSON.stringify(publicJwk)).toString('base64url')}`;
  keys.push({...pair, publicJwk, did, didUrl: `${did}#0`});
}

const refuse = () => { throw new Error('not needed here'); };
const client = new Openid4vciClient({
  callbacks: {
    fetch,
    hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    generateRandom: count => randomBytes(count),
    signJwt: async (signer, {header, payload}) => {
      const key = keys.find(one => one.didUrl === signer.didUrl) ??
        keys.find(one => JSON.stringify(one.publicJwk) === JSON.stringify(signer.publicJwk));
      const text = new TextEncoder().encode(JSON.stringify(payload));
      const jwt = await new CompactSign(text).setProtectedHeader(header).sign(key.privateKey);
      return {jwt, signerJwk: key.publicJwk};
    },
    verifyJwt: refuse, decryptJwe: refuse, encryptJwe: refuse,
    clientAuthentication: job.browser ?
      clientAuthenticationNone({clientId: job.browser.clientId}) : clientAuthenticationAnonymous()
  }
});

const credentialOffer = await client.resolveCredentialOffer(job.offer);
const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;

let answer;
if(job.browser) {
  const {redirectUri, cookie, award} = job.browser;
  const begun = await client.initiateAuthorization({
    credentialOffer, issuerMetadata, clientId: job.browser.clientId, redirectUri, scope: 'open_badge', state: 'here'
  });
  const back = await consentInBrowser(begun.authorizationRequestUrl, cookie, award);
  const params = client.parseAndVerifyAuthorizationResponseRedirectUrl({
    url: back, authorizationServerMetadata: issuerMetadata.authorizationServers[0]
  });
  answer = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
    credentialOffer, issuerMetadata, authorizationCode: params.code,
    pkceCodeVerifier: begun.pkce.codeVerifier, redirectUri
  });
} else {
  answer = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer, issuerMetadata, txCode: job.txCode || undefined
  });
}
const accessToken = answer.accessTokenResponse.access_token;

const {c_nonce: nonce} = await client.requestNonce({issuerMetadata});
const proofs = [];
for(const key of keys) {
  const signer = job.algorithm === 'EdDSA' ?
    {method: 'did', didUrl: key.didUrl, alg: job.algorithm} :
    {method: 'jwk', publicJwk: key.publicJwk, alg: job.algorithm};
  const {jwt} = await client.createCredentialRequestJwtProof({
    issuerMetadata, credentialConfigurationId, signer, nonce, issuedAt: new Date()
  });
  proofs.push(jwt);
}
const {credentialResponse} = await client.retrieveCredentials({
  issuerMetadata, credentialConfigurationId, accessToken, proofs: {jwt: proofs}
});
const told = await client.sendNotification({
  issuerMetadata, accessToken,
  notification: {notificationId: credentialResponse.notification_id, event: 'credential_accepted'}
});
process.stdout.write(JSON.stringify({
  credentials: credentialResponse.credentials.map(entry => entry.credential),
  format: issuerMetadata.credentialIssuer.credential_configurations_supported[credentialConfigurationId].format,
  holders: keys.map(key => key.did),
  notified: told.response.status,
  version: issuerMetadata.originalDraftVersion
}));
