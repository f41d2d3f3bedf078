// ajv.mjs: what ajv says about documents that this library judged too. Standard input: the lines of tests/opinions/cases.c. Arguments:
// the folder with node_modules, and the recorded traffic if there is any. Prints each disagreement; exit 1 when there is one.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createInterface } from 'node:readline';

const [folder, recorded] = process.argv.slice(2);
const load = createRequire(`${folder}/package.json`);
const Ajv = load('ajv/dist/2020').default;
const formats = load('ajv-formats').default;

const official = 'openai-2026-08';
const validators = new Map(); // by kind and profile
const said = new Set(), unsaid = new Set(), agreed = new Set();
let cases = 0, skipped = 0, absorbed = 0, wrong = 0;

function complain(text) {
  if (++wrong <= 40) console.error(`  ${text}`);
}

function note(schema) {
  if (!schema || typeof schema !== 'object') return;
  for (const id of schema['x-chatconform-rule'] ?? []) said.add(id);
  for (const value of Object.values(schema)) note(value);
}

function compile(line) {
  const ajv = new Ajv({ strictSchema: true, strictTypes: false, strictTuples: false, validateFormats: true });
  formats(ajv);
  ajv.addVocabulary(['x-chatconform-rule', 'x-chatconform-beyond']);
  validators.set(`${line.kind} ${line.profile}`, ajv.compile(line.schema));
  note(line.schema);
}

function compare(line) {
  const validate = validators.get(`${line.kind} ${line.profile}`);
  const valid = validate(JSON.parse(line.text));
  const expressible = line.errors.filter(id => said.has(id));
  cases++;
  if (line.absorbed.some(id => said.has(id))) {
    absorbed++;
    return;
  }
  if (line.errors.length && !expressible.length) {
    line.errors.forEach(id => unsaid.add(id));
    skipped++;
    return;
  }
  expressible.forEach(id => agreed.add(id));
  if (valid === (expressible.length === 0)) return;
  const why = valid ? 'accepts' : JSON.stringify(validate.errors.map(e => `${e.instancePath} ${e.message}`));
  complain(`${line.name} (${line.kind}, ${line.profile}): errors ${JSON.stringify(line.errors)}, ajv ${why}\n    ${line.text.slice(0, 400)}`);
}

for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  if (line.schema) compile(line);
  else compare(line);
}
for (const id of said) if (!agreed.has(id)) complain(`${id} is in a schema, but no document tried it`);

function accept(kind, document, id) {
  const validate = validators.get(`${kind} ${official}`);
  if (!validate(document)) complain(`${id}: ajv refuses a recorded ${kind}: ${JSON.stringify(validate.errors)}`);
}

function traffic(path) {
  let requests = 0, responses = 0, chunks = 0;
  for (const text of gunzipSync(readFileSync(path)).toString().trim().split('\n')) {
    const x = JSON.parse(text);
    if (x.host !== 'api.openai.com' || x.status !== 200) continue;
    requests++, accept('request', x.request, x.id);
    if (x.response) responses++, accept('response', x.response, x.id);
    for (const [, data] of (x.sse ?? '').matchAll(/^data: (\{.*)$/gm)) chunks++, accept('chunk', JSON.parse(data), x.id);
  }
  console.log(`ajv accepts of the recorded official traffic ${requests} requests, ${responses} responses, ${chunks} chunks`);
  if (requests < 200 || responses < 100 || chunks < 100) complain('there is hardly any recorded traffic');
}

if (recorded) traffic(recorded);
console.log(`ajv judged ${cases} derived documents; of ${absorbed} a rule explains away what ajv sees; ${skipped} of them break only what no schema can say (${[...unsaid].sort().join(', ')})`);
if (cases < 3000) complain('there are hardly any documents');
if (wrong) console.error(`${wrong} disagreements with ajv`);
process.exit(wrong ? 1 : 0);
