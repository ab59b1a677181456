/** Writes `schemas.json` from `wire.ts`: `node test/fakes/makeSchemas.ts`, after each change of `wire.ts` or of the SDK. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const REQUESTS = ['GenerateContentRequest', 'CountTokensRequest', 'StartUploadRequest', 'CreateBatchRequest', 'BatchRequestLine'];
const REPLIES = ['GenerateContentReply', 'CountTokensReply', 'ListModelsReply'];

/** JSON Schemas of the bodies on the wire, by name. Requests admit no field that is not named; replies do, as real ones carry more than the SDK knows. */
export function makeSchemas(): Record<string, unknown> {
  const generator = createGenerator({
    path: fileURLToPath(new URL('wire.ts', import.meta.url)),
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    skipTypeCheck: true,
    topRef: false,
    expose: 'export',
    jsDoc: 'none',
    additionalProperties: false,
  });
  return Object.fromEntries([
    ...REQUESTS.map((name) => [name, generator.createSchema(name)]),
    ...REPLIES.map((name) => [name, withFurtherFields(generator.createSchema(name))]),
  ]);
}

function withFurtherFields(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema, (key, value) => (key === 'additionalProperties' && value === false ? undefined : value)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = fileURLToPath(new URL('schemas.json', import.meta.url));
  writeFileSync(file, JSON.stringify(makeSchemas()));
  const biome = fileURLToPath(new URL('../../node_modules/@biomejs/biome/bin/biome', import.meta.url));
  execFileSync(process.execPath, [biome, 'format', '--write', file], { stdio: 'inherit' });
}
