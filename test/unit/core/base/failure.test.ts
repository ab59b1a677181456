import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FailureAction, FailureReason, InspectorError } from '../../../../src/core/base/failure.ts';
import { type AskedFor, apiFailure, replyFailure } from '../../../../src/core/failures/geminiFailure.ts';
import { networkFailure } from '../../../../src/core/failures/networkFailure.ts';
import { redactSecret } from '../../../../src/core/failures/redactSecret.ts';
import type { GeminiReply } from '../../../../src/core/usage/geminiReply.ts';
import * as errors from '../../../fakes/errors.ts';
import type { StatusAnswer } from '../../../fakes/script.ts';

const ASKED: AskedFor = {
  host: 'example.com',
  secret: 'AQ.secret-key-of-someone',
  model: 'gemini-9',
  date: new Date('2026-11-21'),
  bytes: 31_400_000,
};

const failureFor = ({ status, body }: StatusAnswer, asked = ASKED): InspectorError =>
  apiFailure({ status, body: typeof body === 'string' ? body : JSON.stringify(body) }, asked);

const SET_KEY: FailureAction[] = ['setApiKey', 'getApiKey'];
const AGAIN: FailureAction[] = ['tryAgain', 'openLog'];

const CASES: [name: string, answer: StatusAnswer, reason: FailureReason, message: string, actions: FailureAction[]][] = [
  ['a key that is not valid', errors.apiKeyInvalid(), 'invalidApiKey', 'Gemini did not accept the API key.', SET_KEY],
  [
    'a key that is not valid, by words alone',
    errors.invalidArgument('API key not valid. Please pass a valid API key.'),
    'invalidApiKey',
    'Gemini did not accept the API key.',
    SET_KEY,
  ],
  [
    'a key that has expired',
    errors.invalidArgument('API key expired. Please renew the API key.'),
    'invalidApiKey',
    'Gemini did not accept the API key.',
    SET_KEY,
  ],
  [
    'a request that is not signed',
    errors.googleError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
    'invalidApiKey',
    'Gemini did not accept the API key.',
    SET_KEY,
  ],
  [
    'a leaked key',
    errors.apiKeyLeaked(),
    'permissionDenied',
    'This key may not use the Gemini API or this model.',
    ['setApiKey', 'openLog'],
  ],
  [
    'an API that is not enabled',
    errors.apiNotEnabled(),
    'permissionDenied',
    'This key may not use the Gemini API or this model.',
    ['enableApi', 'setApiKey', 'openLog'],
  ],
  [
    'a location without the API',
    errors.locationNotSupported(),
    'permissionDenied',
    'This key may not use the Gemini API or this model.',
    ['setApiKey', 'openLog'],
  ],
  ['a file of another key', errors.fileForbidden(), 'server', 'Gemini reported an error (403).', AGAIN],
  ['a file that is gone', errors.fileNotFound(), 'server', 'Gemini reported an error (404).', AGAIN],
  [
    'an unknown model',
    errors.modelNotFound('gemini-9'),
    'modelNotFound',
    'The model "gemini-9" is not available to this key.',
    ['selectModel', 'openLog'],
  ],
  ['requests that come too fast', errors.rateLimited(), 'rateLimited', 'Too many requests.', AGAIN],
  ['an exhausted resource without details', errors.resourceExhausted(), 'rateLimited', 'Too many requests.', AGAIN],
  [
    'a quota of the day',
    errors.dailyQuotaExhausted(),
    'quotaExhausted',
    'The quota of this key is used up. Waiting a minute will not help.',
    ['selectModel', 'setApiKey'],
  ],
  [
    'a quota of nothing',
    errors.noQuota(),
    'quotaExhausted',
    'The quota of this key is used up. Waiting a minute will not help.',
    ['selectModel', 'setApiKey'],
  ],
  [
    'a payload over the limit',
    errors.payloadTooLarge(20_971_520),
    'tooLarge',
    'The image is too large to send (31.4 MB).',
    ['openSettings'],
  ],
  ['files over the limit', errors.filesTooLarge(), 'tooLarge', 'The image is too large to send (31.4 MB).', ['openSettings']],
  [
    'a body over the limit of a proxy',
    { status: 413, body: '<html>413</html>' },
    'tooLarge',
    'The image is too large to send (31.4 MB).',
    ['openSettings'],
  ],
  ['high demand', errors.overloaded(), 'overloaded', 'Gemini is busy.', AGAIN],
  ['an internal error', errors.internalError(), 'server', 'Gemini reported an error (500).', AGAIN],
  ['a page of a gateway', errors.badGateway(), 'server', 'Gemini reported an error (502).', AGAIN],
  ['a busy page', { status: 503, body: '<!DOCTYPE html><title>503</title>' }, 'overloaded', 'Gemini is busy.', AGAIN],
  [
    'a page of a proxy',
    { status: 403, body: '\n<html><body>Blocked { by: "policy" }</body></html>' },
    'network',
    'Gemini could not be reached.',
    AGAIN,
  ],
  [
    'a page at a wrong address',
    { status: 404, body: '<!doctype html><title>404</title>' },
    'network',
    'Gemini could not be reached.',
    AGAIN,
  ],
  ['a picture that is not valid', errors.imageNotValid(), 'unreadableImage', 'The file is not a readable image.', ['openAsText']],
  [
    'a picture that cannot be processed',
    errors.imageNotProcessable(),
    'unreadableImage',
    'The file is not a readable image.',
    ['openAsText'],
  ],
  [
    'a kind of picture that is not taken',
    errors.unsupportedMimeType('image/gif'),
    'unsupportedImage',
    'This kind of image cannot be sent: GIF.',
    ['openLog'],
  ],
  [
    'any other bad request',
    errors.invalidArgument('Request contains an invalid argument.'),
    'server',
    'Gemini refused the request: Request contains an invalid argument.',
    ['selectModel', 'openLog'],
  ],
  ['an empty body', { status: 500, body: '' }, 'server', 'Gemini reported an error (500).', AGAIN],
];

for (const [name, answer, reason, message, actions] of CASES) {
  test(`${name}: ${reason}`, () => {
    const failure = failureFor(answer);
    assert.deepEqual([failure.reason, failure.message, failure.actions], [reason, message, actions]);
  });
}

const isJson = ([, { body }]: (typeof CASES)[number]): boolean => typeof body === 'object';

for (const [name, answer, reason, message] of CASES.filter(isJson)) {
  test(`${name}: the same in every wrapping`, () => {
    const text = JSON.stringify(answer.body);
    const { status } = answer;
    const wrappings = {
      nested: JSON.stringify(errors.nested(answer).body),
      'nested twice': JSON.stringify(errors.nested(errors.nested(answer)).body),
      'a stream by the SDK': `got status: X. ${text}`,
      'text by the SDK': JSON.stringify({ error: { message: text, code: status, status: 'Bad Request' } }),
      'a list': `[${text}]`,
      'spread over lines': JSON.stringify(answer.body, null, 2),
    };
    for (const [wrapping, body] of Object.entries(wrappings)) {
      const failure = apiFailure({ status, body }, ASKED);
      assert.deepEqual([failure.reason, failure.message], [reason, message], wrapping);
    }
    assert.equal(apiFailure({ status: 200, body: text }, ASKED).reason, reason, 'within a stream that began well');
  });
}

test('a page that the SDK put into the message of an error is still a page', () => {
  const { body } = errors.badGateway();
  assert.equal(
    apiFailure({ status: 502, body: JSON.stringify({ error: { message: body, code: 502, status: 'Bad Gateway' } }) }, ASKED).reason,
    'server',
  );
});

test('an error without a number is told by its word', () => {
  assert.equal(apiFailure({ status: 200, body: '{"error":{"status":"UNAVAILABLE","message":"busy"}}' }, ASKED).reason, 'overloaded');
  assert.equal(apiFailure({ status: 200, body: '{"error":{}}' }, ASKED).message, 'Gemini reported an error.');
});

test('the wait the API asks for is kept, from the details or the header', () => {
  assert.equal(failureFor(errors.rateLimited(47)).retryAfterSeconds, 47);
  assert.equal(apiFailure({ status: 503, body: '', retryAfter: '12' }, ASKED).retryAfterSeconds, 12);
  assert.equal(apiFailure({ status: 503, body: '', retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' }, ASKED).retryAfterSeconds, undefined);
  assert.equal(failureFor(errors.resourceExhausted()).retryAfterSeconds, undefined);
});

test('a limit of half a request is not a limit of nothing', () => {
  assert.equal(failureFor(errors.googleError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0.5')).reason, 'rateLimited');
  assert.equal(failureFor(errors.googleError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0, model: x')).reason, 'quotaExhausted');
});

test('the detail says what stands behind a refusal of the key', () => {
  assert.match(failureFor(errors.apiKeyLeaked()).detail, /leaked/);
  assert.match(failureFor(errors.apiNotEnabled()).detail, /isn.t enabled/);
  assert.match(failureFor(errors.locationNotSupported()).detail, /location/);
});

test("Gemini's own words are the cause, on one line, and no failure holds the key", () => {
  const answer = errors.invalidArgument(`Bad \u001b[31mkey\n${ASKED.secret} was \u202eused`);
  const failure = failureFor(answer);
  assert.equal((failure.cause as Error).message, 'HTTP 400 INVALID_ARGUMENT: Bad key *** was used');
  const network = networkFailure('', ASKED, new Error(`header ${ASKED.secret}`));
  assert.ok(!(network.cause as Error).message.includes('secret-key'));
});

test('the name of a model is no markup', () => {
  const failure = failureFor(errors.modelNotFound('x'), { ...ASKED, model: '[x](command:y)' });
  assert.ok(!failure.message.includes(']('));
});

test('a list of models that is not there is no matter of a model', () => {
  assert.equal(
    apiFailure({ status: 404, body: JSON.stringify(errors.modelNotFound('x').body) }, { host: 'h', secret: 's', date: ASKED.date }).reason,
    'server',
  );
});

for (const [code, detail] of [
  ['ENOTFOUND', 'The name example.com could not be found.'],
  ['EAI_AGAIN', 'The name example.com could not be found.'],
  ['ERR_NAME_NOT_RESOLVED', 'The name example.com could not be found.'],
  ['ECONNREFUSED', 'example.com refused the connection.'],
  ['ECONNRESET', 'The connection to example.com was lost.'],
  ['UND_ERR_SOCKET', 'The connection to example.com was lost.'],
  ['UND_ERR_CONNECT_TIMEOUT', 'example.com did not answer.'],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'The connection to example.com is not secure: its certificate was not accepted (SELF_SIGNED_CERT_IN_CHAIN).',
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'The connection to example.com is not secure: its certificate was not accepted (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
  ],
  ['EODD', 'example.com cannot be reached (EODD).'],
  ['', 'example.com cannot be reached.'],
] as const) {
  test(`${code || 'no code'}: ${detail}`, () => {
    const failure = networkFailure(code, ASKED);
    assert.deepEqual([failure.reason, failure.message, failure.detail], ['network', 'Gemini could not be reached.', detail]);
  });
}

test('a client that gave up waiting is a timeout', () => {
  assert.equal(networkFailure('UND_ERR_HEADERS_TIMEOUT', ASKED).reason, 'timeout');
});

const reply = (changes: Partial<GeminiReply>): GeminiReply => ({ text: '', blockedCategories: [], cut: false, ...changes });

for (const [changes, reason, message] of [
  [{ blockReason: 'SAFETY' }, 'blocked', "Gemini's safety filters refused this image or prompt (SAFETY)."],
  [{ blockReason: 'OTHER' }, 'blocked', 'Gemini refused this image or prompt for a reason that it does not name (OTHER).'],
  [{ blockReason: 'A_NEW_ONE' }, 'blocked', 'Gemini refused this image or prompt (A_NEW_ONE).'],
  [{ finishReason: 'SAFETY' }, 'blocked', "Gemini's safety filters stopped the answer (SAFETY)."],
  [{ finishReason: 'RECITATION' }, 'blocked', 'Gemini stopped because its answer may repeat the work of others (RECITATION).'],
  [
    { finishReason: 'PROHIBITED_CONTENT' },
    'blocked',
    'The answer was stopped because it may have prohibited content (PROHIBITED_CONTENT).',
  ],
  [{ finishReason: 'SPII' }, 'blocked', 'The answer was stopped because it may have sensitive personal information (SPII).'],
  [{ finishReason: 'BLOCKLIST' }, 'blocked', 'The answer was stopped because of a word on a blocklist (BLOCKLIST).'],
  [{ finishReason: 'IMAGE_SAFETY' }, 'blocked', "Gemini's safety filters stopped an image of the answer (IMAGE_SAFETY)."],
  [{ finishReason: 'ESCALATION' }, 'blocked', 'A rule of Google filtered the request (ESCALATION).'],
  [{ finishReason: 'A_NEW_SAFETY' }, 'blocked', 'Gemini refused this image or prompt (A_NEW_SAFETY).'],
  [{ finishReason: 'MAX_TOKENS' }, 'emptyReply', 'The answer reached the output limit (MAX_TOKENS).'],
  [{ finishReason: 'STOP', text: ' \n' }, 'emptyReply', 'Gemini sent no answer (reason: STOP).'],
  [{ finishReason: 'A_NEW_ONE' }, 'emptyReply', 'Gemini sent no answer (reason: A_NEW_ONE).'],
  [{}, 'emptyReply', 'Gemini sent no answer.'],
] as const) {
  test(`no text and ${JSON.stringify(changes)}: ${reason}`, () => {
    const failure = replyFailure(reply(changes));
    assert.deepEqual([failure?.reason, failure?.message], [reason, message]);
  });
}

test('a reply with text is no failure, whatever its end', () => {
  for (const finishReason of ['STOP', 'SAFETY', 'MAX_TOKENS']) assert.equal(replyFailure(reply({ text: 'x', finishReason })), undefined);
});

test('what was blocked is named', () => {
  assert.equal(
    replyFailure(reply({ blockReason: 'SAFETY', blockedCategories: ['HARM_CATEGORY_HATE_SPEECH'] }))?.detail,
    'Named by Gemini: HATE_SPEECH.',
  );
});

test('the account is limited: neither another prompt nor another attempt is offered', () => {
  const failure = replyFailure(reply({ finishReason: 'PUP_LIMITED_DISABLED' }));
  assert.deepEqual([failure?.reason, failure?.isTransient, failure?.actions], ['permissionDenied', false, ['setApiKey', 'openLog']]);
});

test('a secret goes whole, encoded, in pieces and in the form of any Google key', () => {
  const secret = 'AQ.Ab8/RN6+Lx0123456789';
  const foreignKey = `AIza${'Sy0123456789abcdefghijklmnopqrstuvw'}`;
  assert.equal(redactSecret(`a ${secret} b`, secret), 'a *** b');
  assert.equal(redactSecret(`?key=${encodeURIComponent(secret)}&x`, secret), '?key=***&x');
  assert.equal(redactSecret(`starts with ${secret.slice(0, 14)}…`, secret), 'starts with ***…');
  assert.equal(redactSecret(`ends with …${secret.slice(-13)}.`, secret), 'ends with …***.');
  assert.equal(redactSecret(`other ${foreignKey}`, secret), 'other ***');
  assert.equal(redactSecret('nothing to hide: 0123456', secret), 'nothing to hide: 0123456');
  assert.equal(redactSecret('x', ''), 'x');
});

const corpus = process.env.IMAGE_INSPECTOR_CORPUS;

for (const [file, status, reason] of [
  ['errors/chat_error_handling_with_gemini_gemini-2_5-flash_raises_appropriate_auth_error__0.response.json', 400, 'invalidApiKey'],
  ['errors/test_model_name_suggestion[google]__0.response.json', 404, 'modelNotFound'],
  ['firebase/unary-failure-api-key.json', 400, 'invalidApiKey'],
  ['firebase/unary-failure-generativelanguage-api-not-enabled.json', 403, 'permissionDenied'],
  ['firebase/unary-failure-unknown-model.json', 404, 'modelNotFound'],
  ['firebase/streaming-failure-image-rejected.txt', 400, 'server'],
] as const) {
  test(`recorded: ${file.slice(0, 60)} is ${reason}`, { skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' }, () => {
    const body = readFileSync(join(corpus as string, file), 'utf8');
    assert.equal(apiFailure({ status, body }, ASKED).reason, reason);
  });
}

test('what may pass a moment later is told from what will not', () => {
  const passes = (status: number) => apiFailure({ status, body: '' }, ASKED).isTransient;
  assert.deepEqual([400, 401, 402, 403, 404, 405, 412, 413, 415, 422].filter(passes), []);
  assert.deepEqual(
    [408, 409, 425, 429, 499, ...Array.from({ length: 100 }, (_, index) => 500 + index)].filter((status) => !passes(status)),
    [],
  );
  assert.equal(failureFor(errors.dailyQuotaExhausted()).isTransient, false);
  assert.equal(failureFor(errors.noQuota()).isTransient, false);
  const lost = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'EAI_AGAIN', 'ETIMEDOUT', 'CUT', 'ERR_CONNECTION_RESET', ''];
  assert.deepEqual(
    lost.filter((code) => !networkFailure(code, ASKED).isTransient),
    [],
  );
  const lasting = ['ENOTFOUND', 'REDIRECTED', 'NO_REPLY', 'CERT_HAS_EXPIRED', 'ERR_CERT_AUTHORITY_INVALID', 'UND_ERR_HEADERS_TIMEOUT'];
  assert.deepEqual(
    lasting.filter((code) => networkFailure(code, ASKED).isTransient),
    [],
  );
});

test('a model that the table knows to be off is told as such, though the API speaks of a quota', () => {
  const retired = { ...ASKED, model: 'gemini-2.0-flash' };
  const dated = { ...ASKED, model: 'gemini-3.1-flash-lite', date: new Date('2027-05-07') };
  for (const asked of [retired, dated]) {
    for (const answer of [errors.modelNotFound(asked.model), errors.noQuota()]) {
      const failure = failureFor(answer, asked);
      assert.equal(failure.reason, 'modelNotFound');
      assert.match(failure.message, /retired by Google/);
    }
    assert.equal(failureFor(errors.overloaded(), asked).reason, 'overloaded');
    assert.equal(failureFor(errors.rateLimited(), asked).reason, 'rateLimited');
  }
  assert.match(failureFor(errors.noQuota(), dated).message, /on 2027-05-07/);
  assert.match(failureFor(errors.noQuota(), dated).detail, /exceeded quota/);
  assert.equal(failureFor(errors.noQuota(), { ...dated, date: new Date('2027-05-06') }).reason, 'quotaExhausted');
});
