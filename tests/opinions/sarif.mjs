// sarif.mjs: validates SARIF logs (arguments) with ajv and the schema that are installed in the folder (first argument). Each log must be valid, and
// so must what it says of itself: every result names a rule that is described, and none is described twice. A log that is made wrong must be refused.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const [folder, ...logs] = process.argv.slice(2);
const load = createRequire(`${folder}/package.json`);
const Ajv = load('ajv');
const ajv = new Ajv({ format: 'full', schemaId: 'auto', meta: false, allErrors: true });
ajv.addMetaSchema(load('ajv/lib/refs/json-schema-draft-04.json'));
const valid = ajv.compile(load('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
let failed = 0, results = 0, refused = 0;

function fail(log, text) {
  console.log(`${basename(log)}: ${text}`);
  failed++;
}

function checkRules(log, run) {
  const ids = run.tool.driver.rules.map((rule) => rule.id);
  const named = new Set(run.results.map((result) => result.ruleId));
  if (new Set(ids).size !== ids.length) fail(log, 'a rule is described twice');
  for (const id of named) if (!ids.includes(id)) fail(log, `${id} is not described`);
  for (const id of ids) if (!named.has(id)) fail(log, `${id} is described for nothing`);
}

// Each of these must be seen, or the schema says nothing.
const faults = [
  (log) => { delete log.runs[0].tool; },
  (log) => { log.version = '2.0.0'; },
  (log) => { log.runs[0].columnKind = 'bytes'; },
  (log) => { log.runs[0].results.push({ ruleId: 'a' }); },
  (log) => { log.runs[0].results.push({ message: { text: 'a' }, level: 'fatal' }); },
  (log) => { log.runs[0].results.push({ message: { text: 'a' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'a b' } } }] }); },
  (log) => { log.runs[0].results.push({ message: { text: 'a' }, unknown: 1 }); },
];

for (const log of logs) {
  const text = readFileSync(log, 'utf8');
  const document = JSON.parse(text);
  if (!valid(document)) for (const error of valid.errors.slice(0, 5)) fail(log, `${error.dataPath} ${error.message}`);
  checkRules(log, document.runs[0]);
  results += document.runs[0].results.length;
  for (const spoil of faults) {
    const spoiled = JSON.parse(text);
    spoil(spoiled);
    if (valid(spoiled)) fail(log, `the schema accepts it after ${spoil}`);
    refused++;
  }
}
if (results === 0) fail('all of them', 'nothing was found, so nothing was tested');
console.log(`SARIF schema: ${logs.length} logs with ${results} results, ${refused} spoiled ones, ${failed} failures`);
process.exit(failed ? 1 : 0);
