import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureView } from '../../../../src/core/base/failure.ts';
import { apiFailure } from '../../../../src/core/failures/geminiFailure.ts';
import { apiNotEnabled } from '../../../fakes/errors.ts';

const ASKED = { host: 'generativelanguage.googleapis.com', secret: 'secret', date: new Date('2026-11-28') };
const failureOf = (body: unknown, vertex?: { project: string; location: string }) =>
  failureView(apiFailure({ status: 403, body: JSON.stringify(body) }, { ...ASKED, ...(vertex === undefined ? {} : { vertex }) }));
const bodyOf = ({ body }: ReturnType<typeof apiNotEnabled>): unknown => (typeof body === 'string' ? JSON.parse(body) : body);
const notEnabled = (links: unknown, metadata: unknown = {}) => ({
  error: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'Generative Language API has not been used in project 1 before or it is disabled.',
    details: [{ links }, { reason: 'SERVICE_DISABLED', metadata }],
  },
});

test("an API that is not enabled can be enabled in Google's console", () => {
  const url = 'https://console.developers.google.com/apis/api/generativelanguage.googleapis.com/overview?project=1234567';
  const { actions, enableUrl } = failureOf(bodyOf(apiNotEnabled()));
  assert.deepEqual([actions[0], enableUrl], ['enableApi', url]);
  const cloud = 'https://console.cloud.google.com/apis/library/aiplatform.googleapis.com?project=p';
  assert.equal(failureOf(notEnabled([], { activationUrl: cloud })).enableUrl, cloud);
  const vertex = failureOf(notEnabled([{ url: cloud }]), { project: 'p-1', location: 'global' });
  assert.deepEqual([vertex.actions[0], vertex.enableUrl], ['enableApi', cloud]);
});

test('no other link of an error is ever opened', () => {
  for (const url of [
    'http://console.developers.google.com/apis',
    'https://console.developers.google.com.example/apis',
    'https://console.developers.google.com@example.com/apis',
    'https://console.developers.google.com:8443/apis',
    'https://example.com/?https://console.cloud.google.com/',
    'https://console.cloud.google.com/<script>',
    'https://console.cloud.google.com/\\@example.com',
    'command:workbench.action.quit',
    7,
  ]) {
    const { actions, enableUrl } = failureOf(notEnabled([{ url }], { activationUrl: url }));
    assert.deepEqual([actions, enableUrl], [['setApiKey', 'openLog'], undefined], String(url));
  }
});
