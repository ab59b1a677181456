import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { rpcFailure } from '../../../../src/core/failures/rpcError.ts';
import { buildRequest, type RequestFacts, requestBody } from '../../../../src/core/request/buildRequest.ts';
import { batchLine, readBatchLine } from '../../../../src/core/sets/batchLines.ts';
import { schemaProblem } from '../../../fakes/schemaCheck.ts';

const URI = 'https://generativelanguage.googleapis.com/v1beta/files/abc';

const request = (facts: Partial<RequestFacts> = {}) =>
  buildRequest({
    task: 'detect',
    query: 'cups\n"red"',
    model: 'gemini-3.8-flash',
    date: new Date('2026-11-28'),
    mediaResolution: 'ultraHigh',
    outputLanguage: '',
    systemInstruction: 'Be brief.',
    safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
    images: [{ mimeType: 'image/jpeg', bytes: 1000, source: { kind: 'file', uri: URI } }],
    ...facts,
  });

suite('a line of a batch', () => {
  test('is the one request as the REST API takes it, under its key', () => {
    const line = batchLine('a/1.jpg', request());
    const { key, request: body } = JSON.parse(line);
    assert.equal(key, 'a/1.jpg');
    assert.deepEqual(
      body,
      requestBody(request(), () => ''),
    );
    assert.equal(schemaProblem('GenerateContentRequest', body), undefined);
    assert.deepEqual(JSON.parse(line).request.contents[0].parts[0], {
      fileData: { fileUri: URI, mimeType: 'image/jpeg' },
      mediaResolution: { level: 'MEDIA_RESOLUTION_ULTRA_HIGH' },
    });
    assert.deepEqual(body.generationConfig, { responseMimeType: 'application/json', thinkingConfig: { thinkingLevel: 'LOW' } });
    assert.deepEqual(body.systemInstruction, { role: 'user', parts: [{ text: 'Be brief.' }] });
  });

  test('is one line, whatever its words hold', () => {
    const query = 'a\nb\rc\u0085d\u2028e\u2029f';
    const line = batchLine('1', request({ task: 'ask', query }));
    assert.doesNotMatch(line, /[\n\r\u0085\u2028\u2029]/);
    assert.match(JSON.parse(line).request.contents[0].parts[1].text, /c\u0085d\u2028e\u2029f/);
  });

  test('names no tier: a batch has its own price', () => {
    assert.equal(JSON.parse(batchLine('1', request({ speed: 'flex' }))).request.serviceTier, undefined);
  });

  test('holds no image', () => {
    const inline = request({ images: [{ mimeType: 'image/png', bytes: 10 }] });
    assert.throws(() => batchLine('1', inline), /not uploaded/);
  });
});

suite('a line of results', () => {
  test('holds a reply like that of a request by itself', () => {
    const response = {
      candidates: [
        { content: { role: 'model', parts: [{ text: 'hm', thought: true }, { text: 'A ' }, { text: 'cup' }] }, finishReason: 'STOP' },
      ],
      usageMetadata: {
        promptTokenCount: 1100,
        candidatesTokenCount: 3,
        thoughtsTokenCount: 5,
        totalTokenCount: 1108,
        promptTokensDetails: [{ modality: 'IMAGE', tokenCount: 1088 }],
        serviceTier: 'standard',
      },
      modelVersion: 'gemini-3.8-flash',
    };
    assert.deepEqual(readBatchLine(JSON.stringify({ key: 'a', response })), {
      key: 'a',
      reply: {
        text: 'A cup',
        finishReason: 'STOP',
        blockedCategories: [],
        modelVersion: 'gemini-3.8-flash',
        usage: { prompt: 1100, image: 1088, output: 3, thoughts: 5, total: 1108 },
        speed: 'batch',
        cut: false,
      },
    });
  });

  test('a refused prompt has no text and says why', () => {
    const line = readBatchLine('{"metadata":{"key":"a"},"response":{"promptFeedback":{"blockReason":"SAFETY"}}}');
    assert.ok('reply' in line);
    assert.equal(line.key, 'a');
    assert.equal(line.reply.blockReason, 'SAFETY');
    assert.equal(line.reply.text, '');
  });

  test('an error has its number as HTTP has it, and means what it means by itself', () => {
    const asked = { host: 'h', secret: 's', date: new Date(), model: 'gemini-3.8-flash' };
    const cases = [
      [{ code: 3, message: 'Provided image is not valid.' }, 400, 'unreadableImage'],
      [{ code: 400, message: 'Unsupported MIME type: image/bmp', status: 'INVALID_ARGUMENT' }, 400, 'unsupportedImage'],
      [{ code: 8, message: 'Resource has been exhausted (e.g. check quota).' }, 429, 'rateLimited'],
      [{ code: 13, message: 'Internal error encountered.' }, 500, 'server'],
      [{ code: 14, message: 'The service is currently unavailable.' }, 503, 'overloaded'],
      [{ status: 'UNAVAILABLE', message: 'Busy' }, 503, 'overloaded'],
      [{ code: 99, message: 'Odd' }, 0, 'server'],
      [{}, 0, 'server'],
    ] as const;
    for (const [error, code, reason] of cases) {
      const line = readBatchLine(JSON.stringify({ key: 'a', error }));
      assert.ok('error' in line);
      assert.equal(line.error.code, code);
      assert.equal(line.error.message, 'message' in error ? error.message : '');
      assert.equal(rpcFailure(line.error, asked).reason, reason);
    }
    const gone = readBatchLine(
      '{"key":"a","error":{"code":7,"message":"You do not have permission to access the File abc or it may not exist."}}',
    );
    assert.ok('error' in gone);
    assert.equal(rpcFailure(gone.error, asked).uploadExpired, true);
  });

  test('what cannot be used says why', () => {
    assert.deepEqual(readBatchLine('{"key":"a","response":{"candi'), { problem: 'notJson' });
    assert.deepEqual(readBatchLine('[1]'), { problem: 'notJson' });
    assert.deepEqual(readBatchLine('{"response":{}}'), { problem: 'noKey' });
    assert.deepEqual(readBatchLine('{"key":7,"response":{}}'), { problem: 'noKey' });
    assert.deepEqual(readBatchLine('{"key":"a"}'), { problem: 'noAnswer', key: 'a' });
  });
});
