// suites.mjs: what an editor says about suites: node suites.mjs FOLDER SCHEMA FILE... reads each YAML file with npm's yaml, as the schema with
// ajv judges it, and prints what is wrong, a line each. FOLDER has node_modules. Exit 1 when something is wrong.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [folder, schemaFile, ...files] = process.argv.slice(2);
const load = createRequire(`${folder}/package.json`);
const Ajv = load('ajv/dist/2020').default;
const YAML = load('yaml');

const ajv = new Ajv({ strictSchema: true, strictTypes: false, strictTuples: false, validateFormats: false, allErrors: true });
ajv.addVocabulary(['x-chatconform-rule', 'x-chatconform-beyond']);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
let wrong = 0;
for (const file of files) {
  const include = {
    tag: '!include',
    resolve(path) {
      const text = readFileSync(join(dirname(file), path), 'utf8');
      return path.endsWith('.json') ? JSON.parse(text) : path.endsWith('.yaml') ? YAML.parse(text) : text;
    },
  };
  const document = YAML.parseDocument(readFileSync(file, 'utf8'), { customTags: [include], version: '1.2' });
  for (const error of document.errors) console.log(`${file}: ${error.message}`);
  wrong += document.errors.length;
  if (validate(document.toJS())) continue;
  for (const error of validate.errors) console.log(`${file}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  wrong += validate.errors.length;
}
process.exit(wrong ? 1 : 0);
