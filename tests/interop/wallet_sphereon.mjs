// A wallet built on @sphereon/oid4vci-client: fetches one badge by its offer from a running server.
// In:  {offer, txCode?, algorithm: 'EdDSA' | 'ES256', format?: 'jwt_vc_json'}
// Out: {credentials, holders, notified}
import {exportJWK, generateKeyPair, SignJWT} from 'jose';
import {OpenID4VCIClient} from '@sphereon/oid4vci-client';
import {readJob} from './documents.mjs';

console.log = console.error; // the library may talk on standard output
const job = readJob();
const curve = job.algorithm === 'EdDSA' ? {crv: 'Ed25519'} : {};
const pair = await generateKeyPair(job.algorithm, {extractable: true, ...curve});
const jwk = await exportJWK(pair.publicKey);
const did = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
const kid = `${did}#0`;

const client = await OpenID4VCIClient.fromURI({
  uri: job.offer, kid, alg: job.algorithm, resolveOfferUri: true, retrieveServerMetadata: true
});
await client.acquireAccessToken(job.txCode ? {pin: job.txCode} : {});
const answer = await client.acquireCredentials({
  credentialConfigurationId: job.format === 'jwt_vc_json' ? 'open_badge_jwt' : 'open_badge',
  format: job.format ?? 'ldp_vc',
  alg: job.algorithm,
  kid,
  proofCallbacks: {
    signCallback: async ({header, payload}) => new SignJWT(payload).setProtectedHeader(header).sign(pair.privateKey)
  }
});
const credentials = (answer.credentials ?? [{credential: answer.credential}]).map(entry => entry.credential ?? entry);
const told = await client.sendNotification(
  {credentialEndpoint: client.getCredentialEndpoint(), notificationEndpoint: job.notificationEndpoint},
  {notification_id: answer.notification_id, event: 'credential_accepted'},
  answer.access_token
);
process.stdout.write(JSON.stringify({credentials, holders: [did], notified: !told.error, said: told}));
