// peers.mjs FOLDER PROGRAM: other validators on the corpus that `bench --dump FOLDER` wrote, beside what we take for it.
//
// ajv works in this process, compiled from our exported request schema, JSON.parse included; best of several rounds, as on our side. The
// CLI of sourcemeta (Blaze) and our program are whole processes that read the same files of JSON lines.
import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const [folder, program] = process.argv.slice(2)
const require = createRequire(`${folder}/`)
const Ajv = require('ajv/dist/2020').default
const schemaFile = `${folder}/request.json`
const validate = new Ajv({ strict: false, logger: false }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')))
const classes = readFileSync(`${folder}/ours.tsv`, 'utf8').trim().split('\n').map(line => line.split('\t'))
const now = () => Number(process.hrtime.bigint()) / 1e9

function ajvPerSecond(documents) {
  let best = Infinity
  for (let round = 0; round < 15; round++) {
    const start = now()
    let passes = 0
    do {
      for (const text of documents) validate(JSON.parse(text))
      passes++
    } while (now() - start < 0.04)
    best = Math.min(best, (now() - start) / passes)
  }
  return documents.length / best
}

function seconds(command, args) {
  let best = Infinity
  for (let i = 0; i < 3; i++) {
    const start = now()
    const done = spawnSync(command, args, { stdio: 'ignore' })
    if (done.error) throw done.error
    best = Math.min(best, now() - start)
  }
  return best
}

const blaze = `${folder}/node_modules/.bin/jsonschema`
const pad = (text, n) => String(text).padStart(n)
const mean = ratios => Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length).toFixed(2)
const ofAjv = [], ofBlaze = []
console.log('requests: full validation beside JSON.parse + ajv (documents/s), and whole processes over JSON lines beside the Blaze CLI, --fast (seconds)\n')
console.log(`${'class'.padEnd(20)}${pad('ours', 12)}${pad('ajv', 12)}${pad('ratio', 8)}${pad('ours s', 10)}${pad('Blaze s', 10)}${pad('ratio', 8)}`)
for (const [index, name, count, ours] of classes) {
  const file = `${folder}/${index}.jsonl`
  const documents = readFileSync(file, 'utf8').split('\n').slice(0, Number(count))
  const ajv = ajvPerSecond(documents)
  const us = seconds(program, ['check', '--kind', 'request', '--jsonl', '--format', 'json', file]), them = seconds(blaze, ['validate', schemaFile, file, '--fast'])
  ofAjv.push(ours / ajv)
  ofBlaze.push(them / us)
  console.log(`${name.padEnd(20)}${pad(ours, 12)}${pad(Math.round(ajv), 12)}${pad((ours / ajv).toFixed(2), 8)}${pad(us.toFixed(3), 10)}${pad(them.toFixed(3), 10)}${pad((them / us).toFixed(2), 8)}`)
}
console.log(`\ngeometric means: ${mean(ofAjv)} times JSON.parse + ajv, ${mean(ofBlaze)} times the Blaze CLI`)
