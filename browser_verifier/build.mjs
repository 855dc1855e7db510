// Writes the program as one file: our modules in src/, jsonld.js, rdf-canonize, a JSON schema validator, and of the app
// its JSON-LD contexts and the schema of badges.
// Usage: node build.mjs [FOLDER]   (without FOLDER: into the app's static files, where it is committed)
// The same sources and the locked packages give the same bytes; tests/browser_verifier/test_build.py compares them.
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync, mkdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const contexts = join(here, '..', 'microcred_app', 'ob3', 'contexts');
const schemas = join(here, '..', 'microcred_app', 'ob3', 'schemas');
const BADGES = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';
/** Prose: two thirds of the schema, and nothing that is checked. */
const PROSE = new Set(['description', '$comment', 'title']);
const target = process.argv[2] ?? join(here, '..', 'microcred_app', 'static', 'microcred_app', 'verify');
/** What only describes other documents (DIDs, keys, proofs of wallets) means nothing in a badge. */
const NEEDED = /credentials\/v2$|spec\/ob\/|spec\/clr\/|data-integrity\/v2$/;

/** `bundled-contexts`: the files of the app, letter by letter, with the digests that index.json pins. */
const bundledContexts = {
  name: 'bundled-contexts',
  setup(project) {
    project.onResolve({filter: /^bundled-contexts$/}, ({path}) => ({path, namespace: 'contexts'}));
    project.onLoad({filter: /.*/, namespace: 'contexts'}, () => {
      const index = JSON.parse(readFileSync(join(contexts, 'index.json'), 'utf8'));
      const entries = Object.entries(index).filter(([url]) => NEEDED.test(url)).map(
        ([url, {file, sha256}]) => ({url, sha256, text: readFileSync(join(contexts, file), 'utf8')}));
      return {contents: `export default ${JSON.stringify(entries)};`, loader: 'js'};
    });
  },
};

/** *value* without its prose; below `properties` and `$defs` the names are the author's own and stay. */
function withoutProse(value, areNames = false) {
  if(Array.isArray(value)) {
    return value.map(entry => withoutProse(entry));
  }
  if(value === null || typeof value !== 'object') {
    return value;
  }
  const kept = Object.entries(value).filter(([name]) => areNames || !PROSE.has(name));
  return Object.fromEntries(kept.map(
    ([name, inner]) => [name, withoutProse(inner, !areNames && ['properties', '$defs'].includes(name))]));
}

/** `bundled-schema`: what the app has from the publisher, by the digest that its index pins. */
const bundledSchema = {
  name: 'bundled-schema',
  setup(project) {
    project.onResolve({filter: /^bundled-schema$/}, ({path}) => ({path, namespace: 'schema'}));
    project.onLoad({filter: /.*/, namespace: 'schema'}, () => {
      const {file, sha256} = JSON.parse(readFileSync(join(schemas, 'index.json'), 'utf8'))[BADGES];
      const text = readFileSync(join(schemas, file));
      if(createHash('sha256').update(text).digest('hex') !== sha256) {
        throw new Error(`${file} is not as it was published.`);
      }
      const entry = {address: BADGES, sha256, schema: withoutProse(JSON.parse(text))};
      return {contents: JSON.stringify(entry), loader: 'json'};
    });
  },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: ['src/page.js'],
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  charset: 'ascii',
  minify: true,
  legalComments: 'none',
  banner: {js: '/* Built from browser_verifier/ by "make verifier". Licences: verifier.licences.txt */'},
  plugins: [bundledContexts, bundledSchema],
  metafile: true,
  write: false,
});

/** The licence of each package of which something went into the file. */
function licences(inputs) {
  const folders = new Set(Object.keys(inputs).map(path => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]));
  folders.delete(undefined);
  return [...folders].sort().map(name => {
    const folder = join(here, 'node_modules', name);
    const {version, license, repository} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    // A package that names its licence and forgets the text has it in licences/, from its repository.
    const places = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE'].map(file => join(folder, file));
    const text = [...places, join(here, 'licences', `${name.replace('/', '-')}.txt`)].map(file => {
      try {
        return readFileSync(file, 'utf8').trim();
      } catch {
        return '';
      }
    }).find(Boolean);
    if(!text) {
      throw new Error(`${name} has no licence file: find out what it asks for before it is shipped.`);
    }
    const address = typeof repository === 'string' ? repository : repository?.url ?? '';
    return `${name} ${version} (${license})\n${address}\n\n${text}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}

mkdirSync(target, {recursive: true});
writeFileSync(join(target, 'verifier.js'), result.outputFiles[0].contents);
writeFileSync(join(target, 'verifier.licences.txt'),
  'verifier.js holds, beside Microcred\'s own code (Apache-2.0), JSON-LD contexts of W3C (W3C Software and Document\n' +
  'License) and 1EdTech (1EdTech/IMS Specification Document License), unchanged, and the JSON schema of badges by 1EdTech\n' +
  '(same licence) without its prose, whose origins are listed in microcred_app/ob3/contexts/PROVENANCE.rst and\n' +
  'microcred_app/ob3/schemas/PROVENANCE.rst, and parts of these packages from npm:\n\n' +
  licences(result.metafile.inputs));
