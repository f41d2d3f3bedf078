// What ajv, given the official schema of a request, says about generated payloads: nearly all valid ones have to be accepted.
// Arguments: the folder with the npm packages, the schemas of the OpenAPI document, and how many payloads there are to be. Standard input: what
// `chatconform fuzz --print` wrote.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [folder, document, expected] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const Ajv = require('ajv/dist/2020').default, formats = require('ajv-formats').default, YAML = require('yaml');

// OpenAPI 3.0's nullable in a document that calls itself 3.1: it means what it meant.
function mend(node) {
  if (Array.isArray(node)) return node.map(mend);
  if (!node || typeof node !== 'object') return node;
  const made = {};
  for (const [key, value] of Object.entries(node)) {
    if (!['nullable', 'discriminator', 'example', 'examples', 'default'].includes(key) && !key.startsWith('x-')) made[key] = mend(value);
  }
  return node.nullable === true ? { anyOf: [made, { type: 'null' }] } : made;
}

const api = YAML.parse(readFileSync(document, 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: false, logger: false });
formats(ajv);
ajv.addSchema({ $id: 'api', components: { schemas: mend(api.components?.schemas ?? api) } });
const accepts = ajv.getSchema('api#/components/schemas/CreateChatCompletionRequest');

let total = 0, good = 0;
const why = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const { payload } = JSON.parse(line);
  total++;
  if (accepts(payload)) { good++; continue; }
  const error = accepts.errors[0], key = `${error.instancePath.replace(/\d+/g, '#')} ${error.message}`;
  why.set(key, (why.get(key) ?? 0) + 1);
}
for (const [key, count] of [...why].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(`  ${count} x ${key}`);
console.log(`ajv accepts ${good} of ${total} generated payloads`);
if (total !== Number(expected)) console.log(`there should be ${expected} payloads`);
process.exit(total === Number(expected) && total > 0 && good >= total * 0.99 ? 0 : 1);
