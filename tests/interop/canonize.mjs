// Canonicalises documents with jsonld.js and rdf-canonize in safe mode, as the eddsa-rdfc-2022 suite does.
// In:  {contextsDir, inputs: [JSON]}
// Out: [{nquads} or {error}]
import * as rdfCanonize from 'rdf-canonize';
import jsonld from 'jsonld';
import {documentsOf, messagesOf, readJob} from './documents.mjs';

const job = readJob();
const documents = documentsOf(job);

async function documentLoader(url) {
  if(!documents.has(url)) {
    throw new Error(`Not among the documents of this job: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents.get(url)};
}

const results = [];
for(const input of job.inputs) {
  try {
    const options = {base: null, safe: true, rdfDirection: 'i18n-datatype', documentLoader};
    const dataset = typeof input === 'string' ?
      rdfCanonize.NQuads.parse(input) : await jsonld.toRDF(input, options);
    // Graphs handed over as N-Quads are meant to be hard; the library's own limit would refuse the symmetric ones.
    const limit = typeof input === 'string' ? {maxWorkFactor: Infinity} : {};
    const nquads = await rdfCanonize.canonize(
      dataset, {algorithm: 'RDFC-1.0', format: 'application/n-quads', ...limit});
    results.push({nquads});
  } catch(error) {
    results.push({error: messagesOf(error)});
  }
}
process.stdout.write(JSON.stringify(results));
