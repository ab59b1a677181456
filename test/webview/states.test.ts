import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { SessionState } from '../../src/protocol.ts';
import { browserPages } from './support/onPage.ts';
import { IMAGE, inspection, MASKED, OBJECTS, object, running, STATES, session, sessionWith } from './support/sessions.ts';

const onPage = browserPages();

const WORDS: Record<string, readonly string[]> = {
  empty: [
    'What do you want to know about this image?',
    'Describe Image',
    'Detect Objects',
    'Segment Objects',
    'Nothing is sent until you run a task. To send only a part, press R and drag over the image.',
  ],
  noKey: [
    'Set a Gemini API key to run tasks.',
    'Set API Key…',
    'Get a Key',
    "It is kept in VS Code's secret storage on this computer and used only to call Gemini.",
  ],
  detect: ['Detect objects', '4 objects · 3 labels', 'gemini-3.8-flash', '✓ 1,623 tok · $0.0022', 'wooden spoon with a rather long name'],
  segment: ['Segment objects', '4 objects · 3 labels', 'Masks', 'Boxes', 'Labels'],
  running: ['3 found so far', 'Receiving… 1,780 output tokens', 'Cancel'],
  waiting: ['Waiting for Gemini…', 'Describe image'],
  unseen: ['The model did not see the image.', 'No image tokens were billed, so the answer cannot be about it.', 'A cat on a mat.'],
  caption: ['Caption', 'A kitchen table with jars.\n\nA spoon lies in front.', 'Copy'],
  problem: [
    '3 of 5 objects kept',
    'The reply was cut at the output limit.',
    'Kept',
    'Dropped',
    'lid',
    'no label',
    'The box has 3 numbers, 4 are needed.',
    'Run Again',
    'Choose Model…',
  ],
  nothing: ['No objects found', 'Gemini answered with an empty list.', 'Show Raw Reply'],
  unreadable: ['The reply could not be read', 'There is no list of objects in it.', 'Show Raw Reply', 'Run Again'],
  words: ['Gemini answered with words instead of objects', "I can't help with identifying <b>people</b>.", 'Show Raw Reply', 'Run Again'],
  wordsForLabels: ['Gemini answered with words instead of labels', "I can't help with identifying <b>people</b>."],
  checked: ['Check objects', '3 of 4 objects checked', '97 %', '7.0 %', '50 %', 'Not judged', 'Object 4 was not judged.'],
  ask: ['Which jars are there?', 'There are two glass jars.', 'And the lid?', 'It lies beside the first jar.', 'New Question'],
  asking: ['Which jars are there?', 'There are two glass jars.', 'And the lid?', 'It lies', 'Cancel'],
  classify: ['2 labels', 'Labels', 'kitchen', '97 %', 'still life', 'Copy'],
  otherLabels: ['1 of 2 labels kept', 'One label could not be used.', 'table', 'The label is not in your list.'],
  noLabel: ['No label fits', 'Gemini answered with an empty list.', 'Show Raw Reply'],
  readText: ['Text', '  MENU\n\nTea    2.50\nCake   3.00', 'Copy'],
  noText: ['No text found', 'Gemini says that there is no text in the image.'],
  compare: ['Comparison', 'Image 1 (kitchen.png)', 'Image 2 (kitchen later.png)', '2 objects · 2 labels', 'spoon'],
  failure: ['Too many requests.', 'Gemini limits how many requests a minute a key may make.', 'Try Again', 'Open Log'],
  badImage: ['The file is not a readable image.', 'It is empty.', 'Open as Text'],
  many: ['60 objects · 3 labels'],
};

for (const [name, words] of Object.entries(WORDS)) {
  test(`the state "${name}" says what it is`, () =>
    onPage(STATES[name], async ({ page }) => {
      for (const text of words) await page.getByText(text, { exact: false }).first().waitFor({ timeout: 5000 });
    }));
}

test('the menu of a run says what a check would cost, and why there is none on Vertex AI', () =>
  onPage({ ...(STATES.detect as SessionState), checking: { inputPrice: 0.1 } }, async (opened) => {
    const { page } = opened;
    const menu = page.getByRole('button', { name: 'More actions' });
    await menu.click();
    const item = page.getByRole('menuitem', { name: 'Check Objects' });
    assert.match((await item.textContent()) ?? '', /≈ \$0\.000\d/);
    await item.click();
    assert.equal(((await opened.posted('verify')) as { run?: string }).run, STATES.detect?.shown);
    await opened.send({ type: 'state', state: STATES.detect as SessionState });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Check Objects', disabled: true }).waitFor();
    assert.match((await item.textContent()) ?? '', /not on Vertex AI/);
    assert.match((await item.getAttribute('title')) ?? '', /Decisions API/);
  }));

test('task-status holds the state of the task', () =>
  onPage(session({ running: running('detect') }), async (opened) => {
    const status = opened.page.getByTestId('task-status');
    const says = (text: string) => status.filter({ hasText: text }).waitFor({ timeout: 5000 });
    await says('Waiting for Gemini…');
    await opened.send({ type: 'progress', running: running('detect', { phase: 'receiving', detections: OBJECTS.slice(0, 2) }) });
    await says('2 found so far');
    await opened.send({ type: 'state', state: session({ note: 'Cancelled.' }) });
    await says('Cancelled.');
    await opened.send({ type: 'state', state: STATES.detect as SessionState });
    await says('4 objects · 3 labels');
  }));

test('only tasks that can be run are offered, and a click sends the task', () =>
  onPage(session({ tasks: ['caption', 'detect'] }), async (opened) => {
    assert.deepEqual(await opened.page.locator('.task-title').allTextContents(), ['Describe Image', 'Detect Objects']);
    await opened.page.getByText('Detect Objects').click();
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'detect', query: '' });
  }));

test('Enter runs the prompt, Shift+Enter makes a new line, and nothing runs while an input method composes', () =>
  onPage(STATES.detect, async (opened) => {
    const prompt = opened.page.getByTestId('prompt');
    await prompt.fill('jars');
    await prompt.press('Shift+Enter');
    await prompt.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    assert.deepEqual(await opened.allPosted('run'), []);
    await prompt.pressSequentially('and lids');
    await prompt.press('Enter');
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'detect', query: 'jars\nand lids' });
  }));

test('Run and Cancel take turns in the same spot', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    await page.getByTestId('run').click();
    await opened.posted('run');
    const run = await page.getByTestId('run').boundingBox();
    await opened.send({ type: 'state', state: session({ running: running('detect') }) });
    const cancel = page.getByTestId('cancel');
    await cancel.waitFor();
    assert.equal(await page.getByTestId('run').count(), 0);
    const box = await cancel.boundingBox();
    assert.ok(run && box && Math.abs(run.x + run.width - box.x - box.width) < 1 && Math.abs(run.y - box.y) < 1);
    await cancel.click();
    await opened.posted('cancel');
  }));

test('Esc cancels a running task from the prompt', () =>
  onPage(STATES.running, async (opened) => {
    await opened.page.getByTestId('prompt').press('Escape');
    await opened.posted('cancel');
  }));

test('keys of VS Code choose the task and give the prompt the focus, and send nothing', () =>
  onPage(STATES.empty, async (opened) => {
    await opened.send({ type: 'view', action: 'task:segment' });
    await opened.page.locator('[data-testid="prompt"]:focus').waitFor();
    assert.equal(await opened.page.getByTestId('prompt').getAttribute('placeholder'), 'All prominent objects, or name what to segment');
    assert.deepEqual(await opened.allPosted('run'), []);
  }));

test('a question needs words', () =>
  onPage(session({ tasks: ['caption', 'ask'] }), async ({ page }) => {
    assert.equal(await page.getByTestId('run').isDisabled(), true);
    await page.getByTestId('prompt').fill('How many jars?');
    assert.equal(await page.getByTestId('run').isDisabled(), false);
  }));

test('a draft sets task and words and takes the focus', () =>
  onPage(session(), async (opened) => {
    await opened.send({ type: 'state', state: session({ draft: { task: 'segment', query: 'the spoon' } }) });
    const prompt = opened.page.locator('[data-testid="prompt"]:focus');
    await prompt.waitFor();
    assert.equal(await prompt.inputValue(), 'the spoon');
    await opened.page.getByTestId('run').click();
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'segment', query: 'the spoon' });
  }));

test('a draft stays when the results of earlier runs are read only after it; a run that is chosen then sets its own task', () =>
  onPage(session(), async (opened) => {
    const earlier = inspection('classify', { id: 'earlier', prompt: 'cat, dog', labels: [] });
    const caption = inspection('caption', { id: 'caption', text: 'A kitchen.' });
    await opened.send({ type: 'state', state: session({ draft: { task: 'classify', query: 'cat, dog' } }) });
    const prompt = opened.page.getByTestId('prompt');
    const task = (name: string) => opened.page.locator('.prompt').getByRole('button', { name }).waitFor();
    await opened.send({ type: 'state', state: session({ runs: [caption, earlier], shown: earlier.id }) });
    await opened.page.locator('[data-testid="prompt"]:focus').waitFor();
    assert.equal(await prompt.inputValue(), 'cat, dog');
    await opened.send({ type: 'state', state: session({ runs: [caption, earlier], shown: caption.id }) });
    await task('Describe');
    await opened.send({
      type: 'state',
      state: session({ draft: { task: 'ask', query: '' }, runs: [caption, earlier], shown: caption.id }),
    });
    await task('Ask');
    await opened.send({ type: 'state', state: session({ runs: [caption, earlier], shown: earlier.id }) });
    await task('Classify');
  }));

test('the cost follows the words of the prompt', () =>
  onPage(session(), async ({ page }) => {
    const cost = page.getByTestId('cost');
    assert.equal(await cost.textContent(), '≈ 1,139 tok · $0.0009');
    await page.getByTestId('prompt').fill('x'.repeat(400));
    assert.equal(await cost.textContent(), '≈ 1,239 tok · $0.0009');
  }));

test('buttons of messages tell the host what to do', () =>
  onPage(STATES.noKey, async (opened) => {
    for (const [button, action] of [
      ['Set API Key…', 'setApiKey'],
      ['Get a Key', 'getApiKey'],
    ] as const) {
      await opened.page.getByRole('button', { name: button }).click();
      assert.deepEqual(await opened.posted('act'), { type: 'act', action });
    }
    await opened.page.getByRole('button', { name: 'Model: gemini-3.8-flash' }).click();
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'selectModel' });
  }));

test('earlier runs can be shown and the shown one run again, copied as code, exported and deleted', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    await page.getByTestId('runs').click();
    await page.getByRole('menuitemradio', { name: /Describe image/ }).click();
    assert.deepEqual(await opened.posted('show'), { type: 'show', run: 'run-caption' });
    const choose = async (name: string) => {
      await page.getByRole('button', { name: 'More actions' }).press('ArrowDown');
      await page.getByRole('menuitem', { name }).press('Enter');
    };
    await choose('Run Again');
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'tryAgain' });
    await choose('Export…');
    assert.deepEqual(await opened.posted('export'), { type: 'export', run: 'run-detect' });
    await choose('Copy as Code…');
    assert.deepEqual(await opened.posted('copyAsCode'), { type: 'copyAsCode', run: 'run-detect' });
    await choose('Delete Run');
    assert.deepEqual(await opened.posted('deleteRun'), { type: 'deleteRun', run: 'run-detect' });
  }));

test('a key that opens a menu just as it closes is not lost', () =>
  onPage(STATES.detect, async ({ page }) => {
    const button = page.getByRole('button', { name: 'More actions' });
    await button.press('ArrowDown');
    await page.getByRole('menuitem', { name: 'Run Again' }).waitFor();
    await button.evaluate((element) => {
      const menu = element.parentElement?.querySelector<HTMLElement>('[role=menuitem]');
      menu?.click();
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    });
    await page.getByRole('menuitem', { name: 'Run Again' }).and(page.locator(':focus')).waitFor();
  }));

test('what is copied: caption, figures of the selection, raw reply', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    await page.locator('object-row').nth(3).click();
    await page.getByTestId('details').getByRole('button', { name: 'Copy 0 to 1000' }).click();
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'copyText', text: '[210, 120, 270, 200]' });
    await page.getByRole('button', { name: /Show raw reply/ }).click();
    assert.match((await page.getByTestId('raw').textContent()) ?? '', /"glass jar"/);
    await page.getByRole('button', { name: 'Copy raw reply' }).click();
    assert.equal((await opened.posted('act')).text, STATES.detect?.runs[1]?.raw);
    await opened.send({ type: 'state', state: STATES.caption as SessionState });
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    assert.equal((await opened.posted('act')).text, 'A kitchen table with jars.\n\nA spoon lies in front.');
  }));

/** Addresses of pictures that are not the session's. */
const foreignImages = (page: Page) =>
  page
    .locator('img')
    .evaluateAll((images, own) => images.map((image) => image.getAttribute('src')).filter((src) => src !== own), IMAGE.src);

const HOSTILE = '<img src=x onerror=alert(1)>';

test('labels, captions, names and replies with markup stay text', async () => {
  const hostile = inspection('detect', {
    detections: [object(1, HOSTILE, [0.2, 0.2, 0.4, 0.4])],
    raw: `${HOSTILE}</pre><script>alert(1)</script>`,
    prompt: HOSTILE,
  });
  await onPage(sessionWith(hostile, { images: [{ ...IMAGE, name: HOSTILE }] }), async ({ page }) => {
    assert.equal(await page.getByRole('option').textContent(), HOSTILE);
    assert.equal(await page.getByTestId('box').getAttribute('aria-label'), HOSTILE);
    await page.getByRole('option').click();
    await page.getByRole('button', { name: /Show raw reply/ }).click();
    assert.equal(await page.getByTestId('raw').textContent(), hostile.raw);
    assert.deepEqual(await foreignImages(page), []);
  });
  await onPage(sessionWith(inspection('caption', { text: `${HOSTILE} [a](command:x) **b**` })), async ({ page }) => {
    assert.equal(await page.getByTestId('caption').textContent(), `${HOSTILE} [a](command:x) **b**`);
    assert.deepEqual(await foreignImages(page), []);
    assert.equal(await page.locator('a').count(), 0);
  });
});

test('a raw reply of five million characters is cut for display and copied whole', () => {
  const raw = 'A'.repeat(5_000_000);
  return onPage(sessionWith(inspection('detect', { detections: OBJECTS, raw })), async (opened) => {
    await opened.page.getByRole('button', { name: /Show raw reply/ }).click();
    await opened.page.getByText('The first 200,000 of 5,000,000 characters.').waitFor();
    assert.equal((await opened.page.getByTestId('raw').textContent())?.length, 200_000);
    await opened.page.getByRole('button', { name: 'Copy raw reply' }).click();
    assert.equal((await opened.posted('act')).text?.length, raw.length);
  });
});

test('every row of the list is an option whose own text is the label', () =>
  onPage(STATES.segment, async ({ page }) => {
    const options = page.getByTestId('detections').getByRole('option');
    assert.deepEqual(
      await options.allTextContents(),
      MASKED.map(({ label }) => label),
    );
    assert.equal(await options.nth(2).getAttribute('data-detection-id'), '3');
    assert.equal(await options.nth(0).getAttribute('aria-label'), '1, glass jar, 96 by 144 pixels, at 18 % across, 35 % down');
  }));

test('a reload brings back layers, selection and words', async () => {
  let kept: unknown;
  await onPage(STATES.detect, async ({ page }) => {
    await page.locator('object-row').nth(1).click();
    await page.getByRole('button', { name: 'Labels' }).click();
    await page.getByTestId('prompt').fill('more');
    kept = await page.evaluate(() => window.kept);
  });
  await onPage(
    STATES.detect,
    async ({ page }) => {
      assert.equal(await page.locator('object-row[aria-selected="true"]').getAttribute('data-detection-id'), '2');
      assert.equal(await page.getByRole('button', { name: 'Labels' }).getAttribute('aria-pressed'), 'false');
      assert.equal(await page.getByTestId('prompt').inputValue(), 'more');
    },
    { kept },
  );
});

test('a bill with image tokens is no warning', () =>
  onPage(STATES.caption, async ({ page }) => {
    await page.getByText('✓ 1,623 tok').waitFor();
    assert.equal(await page.getByTestId('unseen').count(), 0);
  }));

test('an answer of another model than the one asked says so, in the cost line and in a conversation; a version of the same model does not', async () => {
  const asked = { model: 'gemini-3.5-flash', modelVersion: 'gemini-3.5-flash-lite' };
  await onPage(sessionWith(inspection('caption', { text: 'A table.', ...asked })), async ({ page }) => {
    const line = page.getByTestId('answered-by');
    await line.getByText('Answered by gemini-3.5-flash-lite').waitFor({ timeout: 5000 });
    assert.match((await line.getAttribute('title')) ?? '', /Asked gemini-3\.5-flash, answered by gemini-3\.5-flash-lite/);
  });
  await onPage(sessionWith(inspection('ask', { prompt: 'What is it?', text: 'A table.', ...asked })), async ({ page }) => {
    await page.getByText('Answered by gemini-3.5-flash-lite').first().waitFor({ timeout: 5000 });
  });
  const same = { model: 'gemini-3.5-flash', modelVersion: 'gemini-3.5-flash-001' };
  await onPage(sessionWith(inspection('caption', { text: 'A table.', ...same })), async ({ page }) => {
    await page.getByTestId('answered-by').getByText('gemini-3.5-flash-001', { exact: true }).waitFor({ timeout: 5000 });
  });
});

test('how far the model was to think stands beside it, in the head and among earlier runs', () =>
  onPage(
    sessionWith(inspection('detect', { request: { destination: 'https://gateway.example', texts: [], thinking: { level: 'LOW' } } })),
    async ({ page }) => {
      assert.match(await page.getByTestId('answered-by').innerText(), /^gemini-\S+ · low thinking$/);
      await page.getByTestId('runs').click();
      await page.getByRole('menuitemradio', { name: /low thinking/ }).waitFor();
    },
  ));
