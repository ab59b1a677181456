import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAILURE_REASONS, type FailureAction, type FailureReason, isSilent } from '../../src/core/base/failure.ts';
import type { FromWebviewMessage } from '../../src/protocol.ts';
import { browserPages } from './support/onPage.ts';
import { inspection, OBJECTS, session, sessionWith } from './support/sessions.ts';

const onPage = browserPages();

type Buttons = readonly (readonly [FailureAction, string])[];
const LOG = ['openLog', 'Open Log'] as const;
const KEY = ['setApiKey', 'Set API Key…'] as const;
const MODEL = ['selectModel', 'Choose Model…'] as const;
const AGAIN = ['tryAgain', 'Try Again'] as const;
const SETTINGS = ['openSettings', 'Open Settings'] as const;
const GET_KEY = ['getApiKey', 'Get a Key'] as const;

/** The buttons of each reason, in their order. */
const BUTTONS: Record<Exclude<FailureReason, 'cancelled' | 'notConfirmed' | 'noImage'>, Buttons> = {
  noApiKey: [KEY, GET_KEY],
  invalidApiKey: [KEY, GET_KEY],
  permissionDenied: [KEY, LOG],
  modelNotFound: [MODEL, LOG],
  quotaExhausted: [MODEL, KEY],
  rateLimited: [AGAIN, LOG],
  overloaded: [AGAIN, LOG],
  blocked: [['editPrompt', 'Edit Prompt'], LOG],
  emptyReply: [['tryAgain', 'Run Again'], LOG],
  unsupportedImage: [LOG],
  unsupported: [SETTINGS],
  unreadableImage: [['openAsText', 'Open as Text']],
  unreadableFile: [LOG],
  tooLarge: [SETTINGS],
  network: [AGAIN, LOG],
  timeout: [AGAIN, LOG],
  excluded: [SETTINGS],
  overBudget: [['openBudget', 'Open Budget'], SETTINGS],
  notFound: [LOG],
  server: [AGAIN, LOG],
};

test('every reason that people are told about has its buttons here', () => {
  const told = FAILURE_REASONS.filter((reason) => !isSilent(reason) && reason !== 'noImage');
  assert.deepEqual(Object.keys(BUTTONS).sort(), [...told].sort());
});

test('every failure shows message, detail and buttons, and each button does what it says', () =>
  onPage(session(), async (opened) => {
    const { page } = opened;
    const acts = () => opened.allPosted('act') as Promise<Extract<FromWebviewMessage, { type: 'act' }>[]>;
    for (const [reason, buttons] of Object.entries(BUTTONS) as [FailureReason, Buttons][]) {
      const failure = {
        reason,
        message: `Message of ${reason}.`,
        detail: `Detail of ${reason}.`,
        actions: buttons.map(([action]) => action),
      };
      await opened.send({ type: 'state', state: session({ failure, hasKey: reason !== 'noApiKey' }) });
      const block = page.getByRole('alert').filter({ hasText: failure.message });
      await block.getByText(failure.detail).waitFor();
      assert.equal(await page.getByTestId('task-status').textContent(), failure.message);
      assert.deepEqual(
        (await block.getByRole('button').allTextContents()).map((text) => text.trim()),
        buttons.map(([, text]) => text),
        reason,
      );
      for (const [action, text] of buttons) {
        const before = (await acts()).length;
        await block.getByRole('button', { name: text }).click();
        if (action === 'editPrompt') await page.locator('[data-testid="prompt"]:focus').waitFor();
        const posted = (await acts()).slice(before);
        assert.deepEqual(posted, action === 'editPrompt' ? [] : [{ type: 'act', action }], `${reason}: ${text}`);
      }
    }
  }));

for (const [finishReason, why] of [
  ['MAX_TOKENS', 'The reply was cut at the output limit.'],
  ['SAFETY', "Gemini's safety filters stopped the answer (SAFETY)."],
  ['STOP', 'The reply ended early.'],
] as const) {
  test(`a reply cut by ${finishReason} says so and can be run again`, () =>
    onPage(sessionWith(inspection('detect', { detections: OBJECTS, complete: false, finishReason })), async (opened) => {
      const { page } = opened;
      await page.getByTestId('task-status').filter({ hasText: '4 objects kept' }).waitFor();
      await page.getByText(why, { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Run Again' }).click();
      assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'tryAgain' });
      await opened.send({ type: 'state', state: sessionWith(inspection('caption', { text: 'A kitchen', complete: false, finishReason })) });
      await page.getByTestId('task-status').filter({ hasText: why }).waitFor();
      assert.equal(await page.getByTestId('caption').textContent(), 'A kitchen');
    }));
}
