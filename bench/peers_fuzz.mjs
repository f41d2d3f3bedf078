// peers_fuzz.mjs FOLDER DOCUMENT OURS: json-schema-faker, given the official schema of a request, beside our own generator of payloads.
//
// The schema is the component CreateChatCompletionRequest of the OpenAPI document and what it refers to, as a plain JSON Schema. Counted as
// on our side: what is made and written as JSON in a second on one core, of payloads below 1 kB. OURS is what bench/fuzz printed.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [folder, document, ours] = process.argv.slice(2)
const require = createRequire(`${folder}/`)
const YAML = require('yaml')
const { generate } = await import(pathToFileURL(`${folder}/node_modules/json-schema-faker/dist/index.js`))
const ROOT = 'CreateChatCompletionRequest', PREFIX = '#/components/schemas/', SMALL = 1024, SECONDS = 6

// OpenAPI's own words go, and references lead to $defs.
function plain(node, wanted) {
  if (Array.isArray(node)) return node.map(item => plain(item, wanted))
  if (!node || typeof node !== 'object') return node
  const made = {}
  for (const [key, value] of Object.entries(node)) {
    if (['nullable', 'discriminator', 'example', 'examples'].includes(key) || key.startsWith('x-')) continue
    if (key === '$ref' && typeof value === 'string') {
      const name = value.replace(PREFIX, '')
      wanted.add(name)
      made.$ref = `#/$defs/${name}`
    } else made[key] = plain(value, wanted)
  }
  return node.nullable === true ? { anyOf: [made, { type: 'null' }] } : made
}

function plainSchema(schemas) {
  const wanted = new Set([ROOT]), $defs = {}
  for (const name of wanted) $defs[name] = plain(schemas[name], wanted)
  return { ...$defs[ROOT], $defs }
}

const now = () => Number(process.cpuUsage().user + process.cpuUsage().system) / 1e6

async function theirs(schema) {
  let spent = 0, count = 0, bytes = 0
  const began = now()
  for (let seed = 1; now() - began < SECONDS; seed++) {
    const start = now()
    const text = JSON.stringify(await generate(schema, { seed }))
    if (text.length >= SMALL) continue
    spent += now() - start
    count++
    bytes += text.length
  }
  return { rate: count / spent, bytes: Math.round(bytes / count) }
}

const api = YAML.parse(readFileSync(document, 'utf8'))
const { rate, bytes } = await theirs(plainSchema(api.components?.schemas ?? api))
console.log(`json-schema-faker on the official schema: ${Math.round(rate)} payloads/s below 1 kB, ${bytes} bytes on average`)
for (const line of readFileSync(ours, 'utf8').trim().split('\n')) {
  const [kind, own] = line.trim().split(/\s+/)
  console.log(`ours, ${kind}: ${(own / rate).toFixed(0)} times as many`)
}
