import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeSchemas } from '../../fakes/makeSchemas.ts';
import { schemaProblem } from '../../fakes/schemaCheck.ts';
import schemas from '../../fakes/schemas.json' with { type: 'json' };

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;

test('schemas.json is what makeSchemas.ts makes of wire.ts and the installed SDK', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(makeSchemas())), schemas, 'run: node test/fakes/makeSchemas.ts');
});

test('a request may not hold a field the API does not know, a reply may', () => {
  const contents = [{ parts: [{ text: 'Hello' }] }];
  assert.equal(schemaProblem('GenerateContentRequest', { contents }), undefined);
  assert.match(schemaProblem('GenerateContentRequest', { contents, config: {} }) ?? '', /additional properties/);
  assert.equal(schemaProblem('GenerateContentReply', { candidates: [], serviceTier: 'standard' }), undefined);
});

test('a reply with a wrong type or an unknown word does not fit', () => {
  assert.match(schemaProblem('GenerateContentReply', { usageMetadata: { totalTokenCount: '7' } }) ?? '', /must be number/);
  assert.match(schemaProblem('GenerateContentReply', { candidates: [{ finishReason: 'DONE' }] }) ?? '', /allowed values/);
});

test('recorded replies of the real API fit', { skip: !corpus && 'IMAGE_INSPECTOR_CORPUS is not set' }, () => {
  const files = ['http', 'errors'].flatMap((folder) =>
    readdirSync(join(corpus ?? '', folder))
      .filter((name) => name.endsWith('.response.json'))
      .map((name) => join(corpus ?? '', folder, name)),
  );
  const replies = files.map((file) => JSON.parse(readFileSync(file, 'utf8'))).filter((body) => 'candidates' in body);
  assert.ok(replies.length > 0);
  for (const reply of replies) assert.equal(schemaProblem('GenerateContentReply', reply), undefined);
});

test('recorded events of streams fit', { skip: !corpus && 'IMAGE_INSPECTOR_CORPUS is not set' }, () => {
  const folder = join(corpus ?? '', 'streams');
  const files = readdirSync(folder).filter((name) => name.endsWith('.sse.txt'));
  const events = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\r\n\r\n')).filter((event) => event.trim() !== '');
  assert.ok(events.length > 0);
  for (const event of events) assert.equal(schemaProblem('GenerateContentReply', JSON.parse(event.replace(/^data: /, ''))), undefined);
});
