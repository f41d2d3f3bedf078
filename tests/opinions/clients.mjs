// clients.mjs: what the openai and ai SDKs say about a server: node clients.mjs BASE_URL MODEL [CHECK...]. It is run in the folder where they are
// installed. Each check uses one thing that the SDKs offer for chat completions as their users do, and asserts what the reference endpoint promises.
// Another server may be tried too; what it cannot do fails then.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { LengthFinishReasonError } from 'openai/error';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { generateObject, generateText, isStepCount, Output, streamObject, streamText, tool, ToolLoopAgent } from 'ai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { z } from 'zod';

globalThis.AI_SDK_LOG_WARNINGS = false;
const [base, model, ...only] = process.argv.slice(2);
const headers = JSON.parse(process.env.HEADERS ?? '{}');
const settings = { baseURL: base, apiKey: 'a-key', maxRetries: 0, timeout: 20000, defaultHeaders: headers };
const client = new OpenAI(settings);
const chat = client.chat.completions;
const ask = (text) => [{ role: 'user', content: text }];
const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const weather = { type: 'function', function: { name: 'get_weather', description: 'Tells the weather.', parameters: city, strict: true } };
const clock = { type: 'function', function: { name: 'get_time', description: 'Tells the time.', parameters: { type: 'object', properties: {} } } };
const person = z.object({ name: z.string(), age: z.number().int(), tags: z.array(z.enum(['a', 'b'])) });

// The error that `promise` ends with; it must be of that class.
async function refused(promise, kind) {
  const error = await promise.then(() => null, (error) => error);
  assert.ok(error instanceof kind, `expected ${kind.name}, got ${error?.constructor.name}: ${error?.message}`);
  return error;
}

async function collect(iterable) {
  const all = [];
  for await (const one of iterable) all.push(one);
  return all;
}

const checks = {
  'create': async () => {
    const answer = await chat.create({ model, messages: ask('Say hello there') });
    assert.equal(answer.object, 'chat.completion');
    assert.equal(answer.choices[0].message.content, 'hello there');
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  },
  'request id and raw response': async () => {
    const call = chat.create({ model, messages: ask('Say hi') });
    const { data, response, request_id } = await call.withResponse();
    assert.equal(response.status, 200);
    assert.match(request_id, /^req_/);
    assert.equal(data._request_id, request_id);
  },
  'stream': async () => {
    const chunks = await collect(await chat.create({ model, messages: ask('Say one two three'), stream: true }));
    assert.equal(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join(''), 'one two three');
    assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    assert.ok(chunks.every((chunk) => chunk.id === chunks[0].id && chunk.object === 'chat.completion.chunk'));
  },
  'stream with usage': async () => {
    const chunks = await collect(await chat.create({ model, messages: ask('Say hi'), stream: true, stream_options: { include_usage: true } }));
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.ok(chunks.at(-1).usage.total_tokens > 0);
    assert.ok(chunks.slice(0, -1).every((chunk) => chunk.usage === null));
  },
  'stream teed and made readable': async () => {
    const [one, other] = (await chat.create({ model, messages: ask('Say one two'), stream: true })).tee();
    const lines = (await collect(other.toReadableStream())).map((bytes) => new TextDecoder().decode(bytes)).join('').trim().split('\n');
    assert.equal(lines.length, (await collect(one)).length);
  },
  'stream helper': async () => {
    const events = [];
    const runner = chat.stream({ model, messages: ask('Say one two three'), stream_options: { include_usage: true } });
    for (const name of ['content.delta', 'content.done']) runner.on(name, (event) => events.push([name, event]));
    const answer = await runner.finalChatCompletion();
    assert.equal(answer.choices[0].message.content, 'one two three');
    assert.equal(await runner.finalContent(), 'one two three');
    assert.ok((await runner.totalUsage()).total_tokens > 0);
    assert.equal(events.filter(([name]) => name === 'content.delta').map(([, event]) => event.delta).join(''), 'one two three');
    assert.equal(events.filter(([name]) => name === 'content.done').length, 1);
  },
  'stream helper, several choices with logprobs': async () => {
    const answer = await chat.stream({ model, messages: ask('Say one two'), n: 3, logprobs: true, top_logprobs: 2 }).finalChatCompletion();
    assert.deepEqual(answer.choices.map((choice) => choice.index), [0, 1, 2]);
    for (const choice of answer.choices) assert.equal(choice.logprobs.content.map((token) => token.token).join(''), 'one two');
  },
  'stream helper, what was received said again': async () => {
    const text = await (await chat.create({ model, messages: ask('Say hi'), stream: true })).toReadableStream();
    const { ChatCompletionStream } = await import('openai/lib/ChatCompletionStream');
    const answer = await ChatCompletionStream.fromReadableStream(text).finalChatCompletion();
    assert.equal(answer.choices[0].message.content, 'hi');
  },
  'tools': async () => {
    const answer = await chat.create({ model, messages: ask('How is the weather?'), tools: [weather], tool_choice: 'required' });
    const [call] = answer.choices[0].message.tool_calls;
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    assert.equal(call.function.name, 'get_weather');
    assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');
  },
  'tools, one chosen by name': async () => {
    const choice = { type: 'function', function: { name: 'get_time' } };
    const answer = await chat.create({ model, messages: ask('Anything'), tools: [weather, clock], tool_choice: choice });
    assert.equal(answer.choices[0].message.tool_calls[0].function.name, 'get_time');
  },
  'tools in the stream helper': async () => {
    const done = [];
    const runner = chat.stream({ model, messages: ask('get_weather and get_time'), tools: [weather, clock], tool_choice: 'required' });
    runner.on('tool_calls.function.arguments.done', (event) => done.push(event.name));
    const { tool_calls: calls } = (await runner.finalChatCompletion()).choices[0].message;
    assert.deepEqual(calls.map((call) => call.function.name).sort(), ['get_time', 'get_weather']);
    assert.deepEqual(done.sort(), ['get_time', 'get_weather']);
    for (const call of calls) JSON.parse(call.function.arguments);
  },
  'custom tool': async () => {
    const note = { type: 'custom', custom: { name: 'note', description: 'Writes something down.' } };
    const choice = { type: 'custom', custom: { name: 'note' } };
    const answer = await chat.create({ model, messages: ask('Note: milk'), tools: [note], tool_choice: choice });
    assert.equal(answer.choices[0].message.tool_calls[0].type, 'custom');
    assert.equal(typeof answer.choices[0].message.tool_calls[0].custom.input, 'string');
  },
};

for (const stream of [false, true]) {
  checks[`runTools, stream ${stream}`] = async () => {
    const asked = [];
    const spoken = { type: 'function', function: { ...weather.function, parse: JSON.parse, function: (args) => { asked.push(args); return 'sunny'; } } };
    const runner = chat.runTools({ model, stream, messages: ask('Use get_weather'), tools: [spoken] }, { maxChatCompletions: 3 });
    assert.match(await runner.finalContent(), /sunny/);
    assert.equal(asked.length, 1);
    assert.equal(typeof asked[0].city, 'string');
    assert.deepEqual(runner.messages.map((message) => message.role), ['user', 'assistant', 'tool', 'assistant']);
    assert.equal(runner.allChatCompletions().length, 2);
  };
}

Object.assign(checks, {
  'parse with a schema': async () => {
    const answer = await chat.parse({ model, messages: ask('Who?'), response_format: zodResponseFormat(person, 'person') });
    person.parse(answer.choices[0].message.parsed);
  },
  'parse with a schema, streamed': async () => {
    const runner = chat.stream({ model, messages: ask('Who?'), response_format: zodResponseFormat(person, 'person') });
    person.parse((await runner.finalChatCompletion()).choices[0].message.parsed);
  },
  'parse with a tool': async () => {
    const tools = [zodFunction({ name: 'add_person', parameters: person })];
    const answer = await chat.parse({ model, messages: ask('Add somebody'), tools, tool_choice: 'required' });
    person.parse(answer.choices[0].message.tool_calls[0].function.parsed_arguments);
  },
  'parse of an answer that was cut': async () => {
    const format = zodResponseFormat(person, 'person');
    await refused(chat.parse({ model, messages: ask('Who?'), response_format: format, max_completion_tokens: 1 }), LengthFinishReasonError);
  },
  'a refusal': async () => {
    const answer = await chat.parse({ model, messages: ask('Refuse this'), response_format: zodResponseFormat(person, 'person') });
    assert.equal(answer.choices[0].message.parsed, null);
    assert.ok(answer.choices[0].message.refusal.length > 0);
    const refusals = [];
    const runner = chat.stream({ model, messages: ask('Refuse this') });
    runner.on('refusal.done', (event) => refusals.push(event.refusal));
    await runner.done();
    assert.equal(refusals.length, 1);
  },
  'n, seed, stop and limit': async () => {
    const answer = await chat.create({ model, messages: ask('Say one two three'), n: 2, seed: 7, stop: [' three'], max_completion_tokens: 9 });
    assert.deepEqual(answer.choices.map((choice) => [choice.index, choice.message.content]), [[0, 'one two'], [1, 'one two']]);
    const short = await chat.create({ model, messages: ask('Say one two three'), max_completion_tokens: 1 });
    assert.equal(short.choices[0].finish_reason, 'length');
  },
  'logprobs': async () => {
    const answer = await chat.create({ model, messages: ask('Say caf\u00e9 \u{1F600}'), logprobs: true, top_logprobs: 3 });
    const tokens = answer.choices[0].logprobs.content;
    assert.equal(Buffer.from(tokens.flatMap((token) => token.bytes)).toString(), 'caf\u00e9 \u{1F600}');
    assert.ok(tokens.every((token) => token.logprob <= 0 && token.top_logprobs.length === 3));
  },
  'images and files': async () => {
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
    const content = [{ type: 'text', text: 'Say seen' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}`, detail: 'low' } }];
    assert.equal((await chat.create({ model, messages: [{ role: 'user', content }] })).choices[0].message.content, 'seen');
  },
  'audio': async () => {
    const answer = await chat.create({ model, messages: ask('Say hello'), modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } });
    const { audio, content } = answer.choices[0].message;
    assert.equal(content, null);
    assert.equal(audio.transcript, 'hello');
    assert.equal(Buffer.from(audio.data, 'base64').toString('latin1', 0, 4), 'RIFF');
    const again = [...ask('Say hello'), { role: 'assistant', audio: { id: audio.id } }, ...ask('Say bye')];
    assert.equal((await chat.create({ model, messages: again })).choices[0].message.content, 'bye');
  },
  'audio, streamed': async () => {
    const chunks = await collect(await chat.create({ model, messages: ask('Say hello'), stream: true, modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' } }));
    const parts = chunks.map((chunk) => chunk.choices[0]?.delta.audio ?? {});
    assert.equal(parts.map((part) => part.transcript ?? '').join(''), 'hello');
    assert.ok(Buffer.from(parts.map((part) => part.data ?? '').join(''), 'base64').length > 0);
  },
  'older functions': async () => {
    const functions = [{ name: 'get_weather', parameters: city }];
    const body = { model, messages: ask('How is it?'), functions, function_call: { name: 'get_weather' } };
    const answer = await chat.create(body);
    assert.equal(answer.choices[0].message.function_call.name, 'get_weather');
    const streamed = await chat.stream(body).finalChatCompletion();
    assert.equal(streamed.choices[0].message.function_call.arguments, answer.choices[0].message.function_call.arguments);
    const result = [...body.messages, answer.choices[0].message, { role: 'function', name: 'get_weather', content: 'sunny' }];
    assert.match((await chat.create({ model, messages: result, functions })).choices[0].message.content, /sunny/);
  },
  'models': async () => {
    const models = await collect(client.models.list());
    assert.ok(models.some((one) => one.id === model));
    assert.equal((await client.models.retrieve(model)).id, model);
    await refused(client.models.retrieve('no-such-model'), OpenAI.NotFoundError);
  },
  'stored completions': async () => {
    const metadata = { check: `stored ${process.pid}` };
    const kept = [];
    for (const text of ['Say one', 'Say two', 'Say three']) kept.push(await chat.create({ model, messages: ask(text), store: true, metadata }));
    const ids = kept.map((answer) => answer.id).sort();
    const found = await collect(chat.list({ limit: 2, metadata, model })); // two pages
    assert.deepEqual(found.map((answer) => answer.id).sort(), ids);
    const times = (await collect(chat.list({ metadata, order: 'desc' }))).map((answer) => answer.created);
    assert.deepEqual(times, times.toSorted((a, b) => b - a));
    const [id] = ids;
    assert.equal((await chat.retrieve(id)).id, id);
    const changed = await chat.update(id, { metadata: { ...metadata, more: 'yes' } });
    assert.equal(changed.metadata.more, 'yes');
    assert.equal((await chat.list({ metadata: { ...metadata, more: 'yes' } })).data.length, 1);
    const asked = await collect(chat.messages.list(kept[0].id));
    assert.deepEqual(asked.map((message) => [message.role, message.content]), [['user', 'Say one']]);
    assert.match(asked[0].id, new RegExp(`^${kept[0].id}-`));
    for (const each of ids) assert.deepEqual(await chat.delete(each), { object: 'chat.completion.deleted', id: each, deleted: true });
    await refused(chat.retrieve(id), OpenAI.NotFoundError);
    await refused(chat.delete(id), OpenAI.NotFoundError);
    assert.equal((await chat.list({ metadata })).data.length, 0);
  },
  'stored stream': async () => {
    const answer = await chat.stream({ model, messages: ask('Say kept'), store: true }).finalChatCompletion();
    assert.equal((await chat.retrieve(answer.id)).choices[0].message.content, 'kept');
    await refused(chat.update(answer.id, { metadata: { key: 5 } }), OpenAI.BadRequestError);
    await chat.delete(answer.id);
  },
  'error 400': async () => {
    const error = await refused(chat.create({ model, messages: [] }), OpenAI.BadRequestError);
    assert.equal(error.status, 400);
    assert.equal(error.param, 'messages');
    assert.equal(error.type, 'invalid_request_error');
    assert.match(error.message, /messages/);
    assert.match(error.requestID, /^req_/);
    await refused(chat.create({ model, messages: ask('hi'), temperature: 3, stream: true }), OpenAI.BadRequestError);
  },
  'error 401': async () => {
    const error = await refused(new OpenAI({ ...settings, apiKey: ' ' }).chat.completions.create({ model, messages: ask('hi') }), OpenAI.AuthenticationError);
    assert.equal(error.code, 'invalid_api_key');
  },
  'error 404': async () => {
    const error = await refused(chat.create({ model: 'no-such-model', messages: ask('hi') }), OpenAI.NotFoundError);
    assert.equal(error.code, 'model_not_found');
    await refused(client.embeddings.create({ model, input: 'hi' }), OpenAI.NotFoundError);
  },
  'abort in the middle': async () => {
    const stream = await chat.create({ model, messages: ask('Tell me something'), stream: true });
    for await (const chunk of stream) if (chunk.choices[0].delta.content) break; // leaves, and cuts the connection
    const control = new AbortController();
    const runner = chat.stream({ model, messages: ask('Tell me something') }, { signal: control.signal });
    runner.on('content', () => control.abort());
    await refused(runner.done(), OpenAI.APIUserAbortError);
    assert.equal((await chat.create({ model, messages: ask('Say still here') })).choices[0].message.content, 'still here');
  },
  'retries': async () => {
    let tries = 0;
    const fetching = (...args) => (++tries < 3 ? Promise.resolve(new Response('busy', { status: 503, headers: { 'retry-after-ms': '1' } })) : fetch(...args));
    const patient = new OpenAI({ ...settings, maxRetries: 2, fetch: fetching });
    assert.equal((await patient.chat.completions.create({ model, messages: ask('Say third time') })).choices[0].message.content, 'third time');
    assert.equal(tries, 3);
  },
  'many at once': async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `number ${index}`);
    const said = await Promise.all(texts.map(async (text, index) => index % 2
      ? (await chat.create({ model, messages: ask(`Say ${text}`) })).choices[0].message.content
      : await chat.stream({ model, messages: ask(`Say ${text}`) }).finalContent()));
    assert.deepEqual(said, texts);
  },
});

const provider = createOpenAICompatible({ name: 'here', baseURL: base, apiKey: 'a-key', supportsStructuredOutputs: true, includeUsage: true, headers });
const common = { model: provider(model), maxRetries: 0 };
const tools = { get_weather: tool({ description: 'Tells the weather.', inputSchema: z.object({ city: z.string() }), execute: async () => 'sunny' }) };
const two = { tools, stopWhen: isStepCount(3), prompt: 'Use get_weather' };

// A stream's result after it was read; an error in it is thrown.
async function read(options) {
  let wrong;
  const result = streamText({ ...common, ...options, onError: ({ error }) => { wrong = error; } });
  const parts = await collect(result.textStream);
  if (wrong) throw wrong;
  return { parts, text: await result.text, usage: await result.usage, finish: await result.finishReason, steps: await result.steps, output: result.output };
}

Object.assign(checks, {
  'ai generateText': async () => {
    const result = await generateText({ ...common, prompt: 'Say hello there', temperature: 0.5, maxOutputTokens: 50, stopSequences: ['@'], seed: 1 });
    assert.equal(result.text, 'hello there');
    assert.equal(result.finishReason, 'stop');
    assert.equal(result.usage.totalTokens, result.usage.inputTokens + result.usage.outputTokens);
    assert.deepEqual(result.warnings ?? [], []);
  },
  'ai streamText': async () => {
    const result = await read({ prompt: 'Say one two three' });
    assert.equal(result.text, 'one two three');
    assert.ok(result.parts.length > 1);
    assert.ok(result.usage.totalTokens > 0);
    assert.equal(result.finish, 'stop');
  },
  'ai generateText with tools': async () => {
    const result = await generateText({ ...common, ...two });
    assert.match(result.text, /sunny/);
    assert.equal(result.steps.length, 2);
    assert.equal(result.steps[0].toolCalls[0].toolName, 'get_weather');
  },
  'ai streamText with tools': async () => {
    const result = await read(two);
    assert.match(result.text, /sunny/);
    assert.equal(result.steps.length, 2);
    assert.equal(typeof result.steps[0].toolCalls[0].input.city, 'string');
  },
  'ai structured output': async () => {
    person.parse((await generateText({ ...common, prompt: 'Who?', output: Output.object({ schema: person }) })).output);
    person.parse(await (await read({ prompt: 'Who?', output: Output.object({ schema: person }) })).output);
  },
  'ai generateObject and streamObject': async () => {
    const wanted = { ...common, schema: person, prompt: 'Who?' };
    person.parse((await generateObject(wanted)).object);
    const streamed = streamObject(wanted);
    assert.ok((await collect(streamed.partialObjectStream)).length > 0);
    person.parse(await streamed.object);
    const listed = await generateObject({ ...common, output: 'array', schema: person, prompt: 'Who?' });
    listed.object.forEach((one) => person.parse(one));
    assert.ok(['yes', 'no'].includes((await generateObject({ ...common, output: 'enum', enum: ['yes', 'no'], prompt: 'Well?' })).object));
  },
  'ai agent': async () => {
    const result = await new ToolLoopAgent({ ...common, tools, stopWhen: isStepCount(3) }).generate({ prompt: 'Use get_weather' });
    assert.match(result.text, /sunny/);
  },
  'ai error': async () => {
    const error = await generateText({ ...common, model: provider('no-such-model'), prompt: 'hi' }).then(() => null, (error) => error);
    assert.equal(error?.statusCode, 404);
    assert.match(error.message, /no-such-model/);
  },
});

const chosen = Object.entries(checks).filter(([name]) => only.length === 0 || only.some((part) => name.includes(part)));
assert.ok(chosen.length > 0, 'there is no such check');
let failed = 0;
for (const [name, check] of chosen) {
  try {
    await check();
  } catch (error) {
    failed++;
    console.log(`${name}: ${error.constructor.name}: ${String(error.message).split('\n').slice(0, 12).join(' ')}`);
  }
}
console.log(`the openai and ai SDKs: ${chosen.length} checks, ${failed} failed`);
process.exit(failed ? 1 : 0);
