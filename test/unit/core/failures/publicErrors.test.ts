import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureReason } from '../../../../src/core/base/failure.ts';
import { readApiError } from '../../../../src/core/failures/apiError.ts';
import { errorKind, unsupportedType } from '../../../../src/core/failures/errorKind.ts';
import { type AskedFor, apiFailure } from '../../../../src/core/failures/geminiFailure.ts';
import { googleError } from '../../../fakes/errors.ts';

// Words of the API, of gateways and of proxies as people report them, in words of ours where they have names in them.

const ASKED: AskedFor = {
  host: 'example.com',
  secret: 'AQ.secret-key-of-someone',
  model: 'gemini-3.8-flash',
  date: new Date('2026-11-28'),
};
const VERTEX: AskedFor = { ...ASKED, vertex: { project: 'my-project', location: 'global' } };

const failureOf = (code: number, status: string, message: string, asked = ASKED, details?: object[]) =>
  apiFailure({ status: code, body: JSON.stringify(googleError(code, status, message, details).body) }, asked);
const errorInfo = (reason: string) => [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }];

const PAGE = '<!DOCTYPE html><html><head><title>error</title></head><body>Web server is returning an unknown error</body></html>';

for (const code of [499, 500, 501, 502, 503, 504, 507, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 598]) {
  test(`${code} may pass, whatever it comes with`, () => {
    for (const body of ['', `error code: ${code}`, 'overloaded', PAGE, '{"error":"overloaded"}', '{"message":"upstream error"}']) {
      const failure = apiFailure({ status: code, body }, ASKED);
      assert.ok(failure.isTransient, body);
      assert.ok(failure.reason === 'server' || failure.reason === 'overloaded', `${failure.reason} ${body}`);
      assert.deepEqual(failure.actions, ['tryAgain', 'openLog'], body);
    }
    assert.ok(apiFailure({ status: code, body: PAGE }, VERTEX).isTransient);
  });
}

test('a model that is overloaded is busy, by status or by words', () => {
  assert.equal(apiFailure({ status: 529, body: 'overloaded' }, ASKED).reason, 'overloaded');
  assert.equal(failureOf(500, 'INTERNAL', 'The model is overloaded. Please try again later.').reason, 'overloaded');
  assert.equal(failureOf(503, 'UNAVAILABLE', 'The service is currently unavailable.').reason, 'overloaded');
});

test('an error inside a stream is told by its word alone', () => {
  const inStream = (status: string) => apiFailure({ status: 200, body: JSON.stringify({ error: { status, message: 'x' } }) }, ASKED);
  for (const status of ['CANCELLED', 'ABORTED', 'INTERNAL', 'UNKNOWN', 'DEADLINE_EXCEEDED', 'UNAVAILABLE', 'DATA_LOSS'])
    assert.ok(inStream(status).isTransient, status);
  assert.ok(!inStream('OUT_OF_RANGE').isTransient);
  assert.equal(apiFailure({ status: 200, body: '{"error":{"code":"503","message":"busy"}}' }, ASKED).reason, 'overloaded');
});

for (const [code, status, message] of [
  [504, 'DEADLINE_EXCEEDED', 'The request timed out. Please try again.'],
  [504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'],
  [408, '', 'Request Timeout'],
] as const) {
  test(`"${message}" says that it took too long`, () => assert.match(failureOf(code, status, message).message, /did not answer in time/));
}

for (const [code, status, message, reasons] of [
  [
    400,
    'FAILED_PRECONDITION',
    'Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.',
  ],
  [400, 'FAILED_PRECONDITION', 'User location is not supported for the API use without a billing account linked.'],
  [403, 'PERMISSION_DENIED', 'This API method requires billing to be enabled. Please enable billing on project #123.', 'BILLING_DISABLED'],
  [400, 'INVALID_ARGUMENT', 'Imagen API is only accessible to billed users at this time.'],
  [403, 'PERMISSION_DENIED', 'This model is available on the paid tier only.'],
  [402, '', 'Payment Required'],
] as const) {
  test(`"${message}" is about billing`, () => {
    for (const asked of [ASKED, VERTEX]) {
      const failure = failureOf(code, status, message, asked, reasons && errorInfo(reasons));
      assert.equal(failure.reason, 'permissionDenied');
      assert.equal(failure.message, 'Billing must be enabled for this.');
      assert.ok(failure.detail.includes(message), failure.detail);
      assert.ok(!failure.isTransient);
    }
  });
}

for (const message of [
  'User location is not supported for the API use.',
  'The Gemini API is not available in your country.',
  'Unsupported country, region, or territory',
]) {
  test(`"${message}" is about the location`, () => {
    for (const asked of [ASKED, VERTEX]) assert.match(failureOf(400, 'FAILED_PRECONDITION', message, asked).detail, /at your location/);
  });
}

for (const message of [
  'Budget 0 is invalid. This model only works in thinking mode.',
  'Thinking level MINIMAL is not supported for this model.',
  'You can only set only one of thinking budget and thinking level.',
  'Image input modality is not enabled for models/gemma-3-1b-it',
  '* GenerateContentRequest.contents: contents is not specified\n',
  'Invalid JSON payload received. Unknown name "mediaResolution" at \'generation_config\': Cannot find field.',
  'Unable to submit request because it has a maxOutputTokens value of 99999 but the supported range is from 1 to 65537.',
  'JSON mode is not enabled for models/gemini-2.5-flash-image',
  "Function calling with a response mime type: 'application/json' is unsupported",
  'Invalid value at \'contents[0].parts[0].inline_data.data\' (TYPE_BYTES), Base64 decoding failed for "data:image/png;base64,iVBO"',
  'Cannot fetch content from the provided URL. Please ensure the URL is valid.',
]) {
  test(`400 "${message.trim().slice(0, 60)}" is told in the API's own words, and there is no other try`, () => {
    for (const asked of [ASKED, VERTEX]) {
      const failure = failureOf(400, 'INVALID_ARGUMENT', message, asked);
      assert.equal(failure.reason, 'server');
      assert.ok(failure.message.startsWith(`Gemini refused the request: ${message.trim().slice(0, 20)}`), failure.message);
      assert.ok(!failure.actions.includes('tryAgain') && !failure.isTransient);
    }
  });
}

test('the own words of the API are plain, without the key, and not for ever', () => {
  const long = failureOf(400, 'INVALID_ARGUMENT', `[Click](command:x) $(zap)\n\u202e ${ASKED.secret} ${'long '.repeat(1e5)}`).message;
  assert.ok(!long.includes('](') && !long.includes('$(') && !long.includes('secret-key') && !/[\n\u202e]/.test(long), long);
  assert.ok(long.length < 400);
  assert.equal(apiFailure({ status: 400, body: '' }, ASKED).message, 'Gemini reported an error (400).');
  assert.ok(!apiFailure({ status: 400, body: '' }, ASKED).actions.includes('tryAgain'));
});

for (const [message, kind] of [
  [
    'Unable to submit request because it has a mimeType parameter with value image/avif, which is not supported. Update the mimeType and try again.',
    'AVIF',
  ],
  ['Unsupported MIME type: image/gif', 'GIF'],
  ['mime_type image/x-icon not allowed', 'X-ICON'],
  ["MIME type 'image/svg+xml' isn't supported", 'SVG+XML'],
  ['The media type image/tiff is not currently supported.', 'TIFF'],
  ['Invalid MIME type application/octet-stream. It must be one of image/png, image/jpeg.', 'APPLICATION/OCTET-STREAM'],
  ['Input data has an unknown content type: image/bmp', 'BMP'],
  ['Model does not support image/jpg.', 'JPG'],
  ['Unsupported file type. Supported types: image/png, image/jpeg, image/webp.', ''],
  ['The image format is not supported', ''],
] as const) {
  test(`"${message.slice(0, 70)}": unsupportedImage`, () => {
    const failure = failureOf(400, 'INVALID_ARGUMENT', message);
    assert.equal(failure.reason, 'unsupportedImage');
    assert.equal(failure.message, kind === '' ? 'This kind of image cannot be sent.' : `This kind of image cannot be sent: ${kind}.`);
  });
}

for (const message of [
  'Unable to process input image. Please retry or report in https://example.com',
  'Provided image is not valid.',
  'Failed to decode image data.',
  'Could not parse the provided input image',
  'The image cannot be decoded.',
  'Invalid image data.',
]) {
  test(`"${message.slice(0, 40)}": unreadableImage`, () =>
    assert.equal(failureOf(400, 'INVALID_ARGUMENT', message).reason, 'unreadableImage'));
}

for (const message of [
  'The File ab12cd is not in an ACTIVE state and usage is not allowed.',
  'File files/ab12cd is not ready to be used.',
  'The file is still being processed.',
]) {
  test(`"${message}" says that the upload is not ready, and may pass`, () => {
    for (const [code, status] of [
      [400, 'FAILED_PRECONDITION'],
      [403, 'PERMISSION_DENIED'],
    ] as const) {
      const failure = failureOf(code, status, message);
      assert.equal(failure.message, 'The uploaded image is not ready yet.');
      assert.ok(failure.isTransient && failure.actions.includes('tryAgain') && !failure.uploadExpired);
    }
  });
}

const CASES: [code: number, status: string, message: string, reason: FailureReason, detail: RegExp, errorReason?: string][] = [
  [400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.', 'invalidApiKey', /has expired/, 'API_KEY_INVALID'],
  [400, 'INVALID_ARGUMENT', 'Please pass a valid API key.', 'invalidApiKey', /^$/],
  [403, 'PERMISSION_DENIED', "Method doesn't allow unregistered callers. Please use API Key.", 'invalidApiKey', /^$/],
  [403, 'PERMISSION_DENIED', 'Your API key was reported as leaked. Please use another API key.', 'permissionDenied', /leaked/],
  [403, 'PERMISSION_DENIED', 'Requests from referer <empty> are blocked.', 'permissionDenied', /restricted/, 'API_KEY_HTTP_REFERRER_BLOCKED'],
  [403, 'PERMISSION_DENIED', 'Requests from referer https://example.com/ are blocked.', 'permissionDenied', /restricted/],
  [403, 'PERMISSION_DENIED', 'The provided API key has an IP address restriction.', 'permissionDenied', /restricted/],
  [403, 'PERMISSION_DENIED', 'Requests from this Android client application <empty> are blocked.', 'permissionDenied', /restricted/],
  [403, 'PERMISSION_DENIED', 'Generative Language API has not been used in project 1 before or it is disabled.', 'permissionDenied', /enabled/],
  [403, 'PERMISSION_DENIED', "Permission denied: Consumer 'api_key:abc' has been suspended.", 'permissionDenied', /suspended/, 'CONSUMER_SUSPENDED'],
  [403, 'PERMISSION_DENIED', 'Your project has been denied access. Please contact support.', 'permissionDenied', /denied access/],
  [404, 'NOT_FOUND', 'This model models/gemini-2.5-flash is no longer available to new users.', 'modelNotFound', /no longer/],
  [404, 'NOT_FOUND', 'models/x is not found for API version v1beta.', 'modelNotFound', /^$/],
  [400, 'INVALID_ARGUMENT', '* GenerateContentRequest.model: unexpected model name format', 'modelNotFound', /^$/],
  [400, 'INVALID_ARGUMENT', 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 'tooLarge', /1048576/],
  [400, 'INVALID_ARGUMENT', 'The input token count is 40000 but model only supports up to 32768.', 'tooLarge', /32768/],
  [400, 'INVALID_ARGUMENT', 'Please use fewer than 3000 images in your request.', 'tooLarge', /3000/],
  [400, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.', 'tooLarge', /^$/],
  [400, 'INVALID_ARGUMENT', 'The image is too large.', 'tooLarge', /^$/],
  [413, '', 'Request Entity Too Large', 'tooLarge', /^$/],
  [400, 'INVALID_ARGUMENT', "The prompt contains words that violate Google's Responsible AI practices.", 'blocked', /Responsible/],
  [429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).', 'rateLimited', /^$/],
  [429, '', '', 'rateLimited', /^$/],
  [429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for metric: x/generate_content_free_tier_requests, limit: 0, model: y', 'quotaExhausted', /free tier/],
  [429, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted. Please manage your project and billing.', 'quotaExhausted', /credits/],
  [429, 'RESOURCE_EXHAUSTED', 'Your project has exceeded its monthly spending cap.', 'quotaExhausted', /spending cap/],
]; // biome-ignore format: a table

for (const [code, status, message, reason, detail, errorReason] of CASES) {
  test(`${code} "${message.slice(0, 70)}": ${reason}`, () => {
    const failure = failureOf(code, status, message, ASKED, errorReason === undefined ? undefined : errorInfo(errorReason));
    assert.equal(failure.reason, reason);
    assert.match(failure.detail, detail);
    assert.equal(failure.isTransient, reason === 'rateLimited');
  });
}

test('the wait is read from the words where it stands nowhere else', () => {
  const waitOf = (words: string) => failureOf(429, 'RESOURCE_EXHAUSTED', `Quota exceeded. ${words}`).retryAfterSeconds;
  assert.equal(waitOf('Please retry in 36.19s.'), 36.19);
  assert.equal(waitOf('Please retry in 512.5ms.'), 0.5125);
  assert.equal(waitOf('Please retry in 5h31m24.5s.'), 5 * 3600 + 31 * 60 + 24.5);
  assert.equal(waitOf('Please retry in a moment.'), undefined);
  const body = JSON.stringify(googleError(429, 'RESOURCE_EXHAUSTED', 'Please retry in 9s.').body);
  assert.equal(apiFailure({ status: 429, body, retryAfter: '4' }, ASKED).retryAfterSeconds, 4);
});

test('a body of an error may be long and hostile', () => {
  const started = performance.now();
  for (const run of ['file not ', 'image ', 'Unsupported mime type ', 'api key ', '"{[', ' ', 'a', 'retry in 1']) {
    const message = run.repeat(Math.ceil(1e6 / run.length));
    for (const code of [400, 403, 404, 429, 500]) {
      errorKind(readApiError(code, message));
      unsupportedType(message.slice(0, 8000));
      apiFailure({ status: code, body: JSON.stringify({ error: { code, message } }) }, ASKED);
    }
  }
  assert.ok(performance.now() - started < 10_000, 'linear: a second or so');
});
