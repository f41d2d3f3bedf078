// What two readers from npm make of a JUnit file: node junit.mjs FOLDER FILE prints, a line each, its tests, failures, errors and skipped as
// junit2json and xunit-viewer count them. FOLDER is where npm installed them.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [folder, file] = process.argv.slice(2);
const xml = readFileSync(file, 'utf8');
const load = (path) => import(pathToFileURL(`${folder}/node_modules/${path}`));

const { parse } = await load('junit2json/dist/esm/index.js');
const read = await parse(xml);
const cases = read.testsuite.flatMap((suite) => suite.testcase ?? []);
const having = (member) => cases.filter((one) => one[member]).length;
const counted = [cases.length, having('failure'), having('error'), having('skipped')];
const told = [read.tests, read.failures, read.errors, read.skipped ?? counted[3]];
if (String(told) !== String(counted)) throw new Error(`junit2json: told ${told}, counted ${counted}`);
console.log('junit2json', ...counted);

const viewer = await (await load('xunit-viewer/src/cli/parse.js')).default(xml);
const tests = Object.values(viewer.suites).flatMap((suite) => Object.values(suite.tests));
const ended = (status) => tests.filter((test) => test.status === status).length;
console.log('xunit-viewer', tests.length, ended('failure'), ended('error'), ended('skipped'));
