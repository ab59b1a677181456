import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picturePages } from './support/picture.ts';
import { SENT_PICTURE, sendReview } from './support/reviews.ts';
import { IMAGE, STATES, session } from './support/sessions.ts';

const onPage = picturePages();

const asked = session({ review: sendReview(), tasks: ['caption', 'detect', 'segment', 'ask'] });

test('before anything is sent the review tells everything, and Send has the focus', () =>
  onPage(asked, async ({ page }) => {
    const dialog = page.getByRole('dialog', { name: 'What is sent' });
    const words = await dialog.innerText();
    for (const word of [
      'kitchen <b>.png',
      '640 × 480 PNG, 679 KB, not resized',
      'Inside the request (905.3 KB as base64)',
      'Location, camera, and date (EXIF, XMP)',
      'No covered areas',
      'Detect objects',
      'cupcakes with googly eyes',
      '≈ 1,089 tok',
      '≈ 62 tok',
      '≈ $0.0009 + output',
      '$0.41 of $5.00 used today',
      'generativelanguage.googleapis.com',
      'gemini-3.8-flash',
      "Stored in VS Code's secret storage",
    ])
      assert.ok(words.includes(word), `${word} is missing in ${words}`);
    assert.equal(await page.getByTestId('as-sent').textContent(), 'As sent · 640 × 480 PNG');
    await page.locator('[data-testid="send"]:focus').waitFor();
    assert.equal(await page.getByTestId('prompt').count(), 0, 'it takes the place of the panel');
    assert.equal(await page.locator('.picture').getAttribute('src'), IMAGE.src);
  }));

test('all words of the request can be read', () =>
  onPage(asked, async ({ page }) => {
    await page.getByRole('button', { name: 'Show All' }).click();
    const all = await page.getByTestId('all-text').innerText();
    assert.match(all, /System instruction\s+Answer shortly\.\s+User message\s+Detect cupcakes with googly eyes\. Answer as JSON\./);
  }));

test('Send answers the question that was asked, and whether to ask again', () =>
  onPage(asked, async (opened) => {
    await opened.page.getByLabel(/^Remember for /).uncheck();
    await opened.page.getByTestId('send').click();
    assert.deepEqual(await opened.posted('closeReview'), { type: 'closeReview', review: 'question-1', send: true, remember: false });
    await opened.send({ type: 'state', state: { ...asked, review: sendReview({ id: 'question-2' }) } });
    // The button of the first question has the focus until the second is there.
    await opened.page.getByRole('checkbox', { name: /^Remember for /, checked: true }).waitFor();
    await opened.page.locator('[data-testid="send"]:focus').press('Enter');
    await opened.page.waitForFunction(() =>
      window.posted.some((message) => message.type === 'closeReview' && message.review === 'question-2' && message.remember),
    );
  }));

test('where it is always asked, nothing is offered to be remembered', () => {
  const { canRemember, ...always } = sendReview();
  assert.ok(canRemember);
  return onPage({ ...asked, review: always }, async (opened) => {
    assert.equal(await opened.page.getByRole('checkbox').count(), 0);
    await opened.page.getByTestId('send').click();
    assert.equal((await opened.posted('closeReview')).remember, false);
  });
});

for (const [how, act] of [
  ['Esc', (page) => page.keyboard.press('Escape')],
  ["Don't Send", (page) => page.getByTestId('dont-send').click()],
  ['the cross', (page) => page.getByRole('button', { name: "Don't Send (Esc)" }).click()],
] as [string, (page: import('playwright-core').Page) => Promise<void>][])
  test(`${how} means that nothing is sent`, () =>
    onPage(asked, async (opened) => {
      await opened.page.locator('[data-testid="send"]:focus').waitFor();
      await act(opened.page);
      assert.deepEqual(await opened.posted('closeReview'), { type: 'closeReview', review: 'question-1', send: false, remember: false });
    }));

test('a key that is still held from the prompt does not send', () =>
  onPage(asked, async (opened) => {
    const { page } = opened;
    await page.locator('[data-testid="send"]:focus').waitFor();
    await page.getByTestId('send').evaluate((button) => {
      const held = new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true });
      if (button.dispatchEvent(held)) (button as HTMLButtonElement).click();
    });
    assert.deepEqual(await opened.allPosted('closeReview'), []);
  }));

test('nothing can be sent before its picture can be seen', () =>
  onPage(asked, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'state', state: { ...asked, review: sendReview({ id: 'question-2', pictures: [] }) } });
    await page.getByText('Preparing…').waitFor();
    assert.equal(await page.getByTestId('send').isDisabled(), true);
    await opened.send({ type: 'state', state: { ...asked, review: sendReview({ id: 'question-2' }) } });
    await page.locator('[data-testid="send"]:focus').waitFor();
  }));

test('while the picture is made ready its place, its size and what is known already stand there, and nothing moves when it comes', () =>
  onPage(asked, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'state', state: { ...asked, review: sendReview({ id: 'question-2', pictures: [] }) } });
    const toCome = page.getByTestId('picture-to-come');
    await toCome.waitFor();
    const before = await toCome.boundingBox();
    const note = await page.getByText('The picture is being prepared.').boundingBox();
    const middle = (box: typeof note) => (box ? Math.round(box.x + box.width / 2) : undefined);
    assert.equal(middle(note), middle(before), 'in the middle of the picture, not of the page');
    const words = await page.getByTestId('send-sheet').innerText();
    for (const word of ['kitchen.png', 'Detect objects', 'cupcakes with googly eyes', 'gemini-3.8-flash'])
      assert.ok(words.includes(word), word);
    await opened.send({ type: 'state', state: { ...asked, review: sendReview({ id: 'question-2' }) } });
    await page.locator('.picture').waitFor();
    assert.equal(await toCome.count(), 0);
    assert.deepEqual(await page.locator('.picture').boundingBox(), before);
    const failure = { reason: 'excluded', message: 'A setting excludes this file from being sent.', detail: '', actions: [] } as const;
    await opened.send({ type: 'state', state: { ...asked, review: sendReview({ pictures: [], failure: { ...failure, actions: [] } }) } });
    await page.getByTestId('send-failure').waitFor();
    assert.equal(await toCome.count(), 0, 'no picture will come');
  }));

test('by its link or W the review is only to be looked at: with the words and the region of the prompt', () =>
  onPage({ ...asked, review: undefined } as unknown as typeof asked, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'chooseRegion' });
    await page.getByTestId('region').waitFor();
    await page.getByTestId('prompt').fill('a lid');
    await page.getByRole('button', { name: 'What Is Sent?' }).click();
    const { region, task, query } = await opened.posted('showSent');
    assert.deepEqual([region, query], [{ x: 0.25, y: 0.25, width: 0.5, height: 0.5 }, 'a lid']);
    assert.ok(asked.tasks.includes(task));
    await opened.send({ type: 'state', state: { ...asked, review: sendReview({ kind: 'look' }) } });
    await page.getByRole('button', { name: 'Close', exact: true }).waitFor();
    assert.equal(await page.getByTestId('send').count(), 0);
    await opened.send({ type: 'view', action: 'task:caption' });
    await opened.send({ type: 'view', action: 'showSent' });
    assert.equal((await opened.posted('closeReview')).send, false);
    assert.deepEqual(await opened.allPosted('run'), []);
  }));

test('an excluded file has a review that says so and shows no picture', () =>
  onPage(asked, async (opened) => {
    const { page } = opened;
    const failure = { reason: 'excluded', message: 'A setting excludes this file from being sent.', detail: '', actions: [] } as const;
    await opened.send({
      type: 'state',
      state: { ...asked, review: sendReview({ id: 'look-1', kind: 'look', pictures: [], failure: { ...failure, actions: [] } }) },
    });
    assert.match((await page.getByTestId('send-failure').textContent()) ?? '', /excludes this file/);
    assert.equal(await page.locator('.picture').count(), 0);
  }));

test('an area is covered from the review, in the whole picture, and Esc comes back to the question', () =>
  onPage(asked, async (opened) => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Cover an Area…' }).click();
    await page.getByTestId('cover-bar').waitFor();
    assert.equal(await page.getByTestId('send-sheet').count(), 0);
    await page.keyboard.press('Escape');
    await page.getByTestId('send-sheet').waitFor();
    assert.deepEqual(await opened.allPosted('closeReview'), [], 'the question still waits');
    await page.getByRole('button', { name: 'Cover an Area…' }).click();
    await page.getByTestId('viewer').press('Enter');
    assert.deepEqual((await opened.posted('cover')).areas, [{ x: 0.25, y: 0.25, width: 0.5, height: 0.5 }]);
  }));

test('sizes stand side by side, and the chosen one holds from then on', () => {
  const sizes = [
    { maxDimension: 0, width: 4000, height: 3000, tokens: 1089, bytes: 5_000_000 },
    { maxDimension: 1024, width: 1024, height: 768, tokens: 1064, bytes: 300_000 },
  ];
  return onPage({ ...asked, review: sendReview({ sizes }), sendAt: 0 }, async (opened) => {
    const table = opened.page.getByTestId('send-sizes');
    assert.match(await table.innerText(), /Full\s+4,000 × 3,000\s+1,089\s+5 MB\s+1,024\s+1,024 × 768\s+1,064\s+300 KB/);
    assert.equal(await table.getByRole('radio').first().isChecked(), true);
    await table.getByRole('radio').nth(1).check();
    assert.equal((await opened.posted('sendAt')).maxDimension, 1024);
  });
});

test('each of several pictures can be looked at', () => {
  const other = { ...SENT_PICTURE, name: 'later.png', sent: { ...SENT_PICTURE.sent, width: 320, height: 240 } };
  return onPage({ ...asked, review: sendReview({ task: 'compare', pictures: [SENT_PICTURE, other] }) }, async ({ page }) => {
    await page.getByRole('button', { name: 'later.png' }).click();
    await page.getByTestId('as-sent').filter({ hasText: '320 × 240' }).waitFor();
    assert.match(await page.getByTestId('send-sheet').innerText(), /made smaller from 640 × 480/);
  });
});

test('what was sent for a run is told afterwards, and that its file has changed since', () =>
  onPage(STATES.caption, async (opened) => {
    const { page } = opened;
    await page.getByRole('button', { name: 'More actions' }).last().click();
    await page.getByRole('menuitem', { name: 'What Was Sent' }).click();
    assert.equal((await opened.posted('showPast')).run, 'run-caption');
    const { texts, budget, destination, canRemember, ...past } = sendReview({ kind: 'past' });
    assert.ok(texts && budget && destination && canRemember);
    const problem = 'The file has changed since: what was sent cannot be shown any more.';
    const { metadata, ...gone } = { ...SENT_PICTURE, src: '', problem };
    assert.ok(metadata);
    await opened.send({ type: 'state', state: { ...(STATES.caption as typeof asked), review: { ...past, pictures: [gone] } } });
    const words = await page.getByRole('dialog', { name: 'What was sent' }).innerText();
    for (const word of [problem, '640 × 480 PNG', '✓ 1,089 tok', 'gemini-3.8-flash']) assert.ok(words.includes(word), word);
    assert.equal(await page.locator('.picture').count(), 0);
  }));
