// What the verifiers may load: the contexts of the package, and the documents of the job. Nothing else.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

// Reads the job from standard input: {credential, contextsDir, documents: {address: JSON}}.
export function readJob() {
  return JSON.parse(readFileSync(0, 'utf8'));
}

export function documentsOf(job) {
  const documents = new Map();
  const index = JSON.parse(readFileSync(join(job.contextsDir, 'index.json'), 'utf8'));
  for(const [url, {file}] of Object.entries(index)) {
    documents.set(url, JSON.parse(readFileSync(join(job.contextsDir, file), 'utf8')));
  }
  for(const [url, document] of Object.entries(job.documents ?? {})) {
    documents.set(url, document);
    for(const method of document.verificationMethod ?? []) {
      documents.set(method.id, {'@context': 'https://w3id.org/security/multikey/v1', ...method});
    }
  }
  return documents;
}

// Errors nest in three different ways; this collects every message once.
export function messagesOf(error, found = []) {
  if(!error) {
    return found;
  }
  if(error.message && !found.includes(error.message)) {
    found.push(error.message);
  }
  for(const inner of [error.cause, ...(error.errors ?? [])]) {
    messagesOf(inner, found);
  }
  const event = error.details?.event;
  if(event?.code) {
    found.push(`${event.code} ${JSON.stringify(event.details ?? {})}`);
  }
  return found;
}
