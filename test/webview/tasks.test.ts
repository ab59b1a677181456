import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Inspection, TASKS } from '../../src/core/inspection/inspection.ts';
import { MOST_PAST } from '../../src/core/inspection/thread.ts';
import { browserPages } from './support/onPage.ts';
import { COMPARED, FOLLOW_UP, IMAGE, inspection, OTHER_IMAGE, STATES, session, sessionWith } from './support/sessions.ts';

const onPage = browserPages();

test('a conversation is a log of questions and answers; the next question follows it', () =>
  onPage(STATES.ask, async (opened) => {
    const { page } = opened;
    const log = page.getByRole('log', { name: 'Conversation' });
    assert.deepEqual(await log.locator('.question').allTextContents(), ['Which jars are there?', 'And the lid?']);
    assert.equal(await page.getByTestId('caption').textContent(), 'It lies beside the first jar.');
    const prompt = page.getByTestId('prompt');
    assert.equal(await prompt.getAttribute('placeholder'), 'Ask a follow-up');
    await prompt.fill('Is it of glass?');
    await prompt.press('Enter');
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'ask', query: 'Is it of glass?', follows: FOLLOW_UP.id });
  }));

test('a new question starts afresh, with the focus on the prompt', () =>
  onPage(STATES.ask, async (opened) => {
    const { page } = opened;
    await page.getByRole('button', { name: 'New Question' }).click();
    assert.equal((await opened.posted('show')).run, undefined);
    await page.locator('[data-testid="prompt"]:focus').waitFor();
    await opened.send({ type: 'state', state: session({ tasks: [...TASKS], runs: [FOLLOW_UP] }) });
    await page.getByText('What do you want to know about this image?').waitFor();
    assert.equal(await page.getByTestId('prompt').getAttribute('placeholder'), 'Ask about this image');
    await page.getByTestId('prompt').fill('What is it?');
    await page.getByTestId('prompt').press('Enter');
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'ask', query: 'What is it?' });
  }));

test('saved prompts stand under the tasks; one that is chosen fills the field and sends nothing', () =>
  onPage(
    session({
      savedPrompts: [
        { name: 'Find <b>dents</b>', task: 'detect', query: 'dents and scratches' },
        { name: 'Rooms', task: 'caption', query: 'Which room is it?', ofWorkspace: true },
      ],
    }),
    async (opened) => {
      const { page } = opened;
      const button = page.getByRole('button', { name: 'Task: Describe' });
      await button.press('ArrowDown');
      const menu = page.getByRole('menu', { name: 'Task' });
      await menu.getByRole('menuitemradio').first().waitFor();
      assert.deepEqual(await menu.getByRole('menuitemradio').allInnerTexts(), ['Describe', 'Detect', 'Segment']);
      await menu.getByRole('separator').waitFor();
      const saved = await menu.getByRole('menuitem').allInnerTexts();
      assert.deepEqual(
        saved.map((text) => text.trim().split(/\s*\n\s*/)),
        [['Find <b>dents</b>'], ['Rooms', 'from this workspace']],
      );
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      const prompt = page.locator('[data-testid="prompt"]:focus');
      await prompt.waitFor();
      assert.equal(await prompt.inputValue(), 'dents and scratches');
      await page.getByRole('button', { name: 'Task: Detect' }).waitFor();
      assert.deepEqual(await opened.allPosted('run'), []);
      await prompt.press('Enter');
      assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'detect', query: 'dents and scratches' });
    },
  ));

test('where no prompts are saved the menu of tasks has no line', () =>
  onPage(session({ savedPrompts: [] }), async ({ page }) => {
    await page.getByRole('button', { name: 'Task: Describe' }).press('ArrowDown');
    await page.getByRole('menuitemradio').first().waitFor();
    assert.equal(await page.getByRole('menu', { name: 'Task' }).getByRole('separator').count(), 0);
  }));

test('other tasks follow nothing', () =>
  onPage(STATES.ask, async (opened) => {
    await opened.send({ type: 'view', action: 'task:detect' });
    await opened.page.getByTestId('run').click();
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'detect', query: '' });
  }));

test('an answer is copied as it is, without the names of files', () =>
  onPage(STATES.ask, async (opened) => {
    await opened.page.getByRole('button', { name: 'Copy answer' }).first().click();
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'copyText', text: 'There are two glass jars.' });
    await opened.send({ type: 'state', state: STATES.compare ?? session() });
    await opened.page.getByRole('button', { name: 'Copy', exact: true }).click();
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'copyText', text: COMPARED.text });
  }));

function talk(length: number): Inspection[] {
  return Array.from({ length }, (_, index) =>
    inspection('ask', {
      id: `turn-${index}`,
      prompt: `Question ${index}?`,
      text: `Answer ${index}.`,
      raw: `Answer ${index}.`,
      ...(index > 0 && { follows: `turn-${index - 1}` }),
    }),
  );
}

test('a long conversation stands at its end and says from where on it is sent along', () => {
  const runs = talk(MOST_PAST + 2);
  return onPage(session({ tasks: [...TASKS], runs, shown: runs.at(-1)?.id ?? '' }), async ({ page }) => {
    const last = page.getByTestId('caption');
    await last.waitFor();
    assert.equal(await last.textContent(), `Answer ${MOST_PAST + 1}.`);
    assert.ok(await last.evaluate((element) => element.getBoundingClientRect().bottom < innerHeight), 'the last answer is in sight');
    const order = await page.getByTestId('conversation').locator('.question, .forgotten').allTextContents();
    assert.equal(order[2], 'The messages above are no longer sent.');
    assert.equal(order[3], 'Question 2?');
  });
});

test('hostile words of a conversation are words', () => {
  const text = '<img src=x onerror=alert(1)>[a](command:b)';
  return onPage(sessionWith(inspection('ask', { prompt: text, text, raw: text })), async ({ page }) => {
    assert.equal(await page.getByTestId('caption').textContent(), text);
    assert.equal(await page.locator('.question').textContent(), text);
  });
});

test('labels are copied with their confidences', () =>
  onPage(STATES.classify, async (opened) => {
    assert.deepEqual(await opened.page.locator('.labels li').allTextContents(), ['kitchen97 %', 'still life']);
    await opened.page.getByRole('button', { name: 'Copy' }).click();
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'copyText', text: 'kitchen\t0.97\nstill life' });
  }));

test('a transcription keeps its columns', () =>
  onPage(STATES.readText, async ({ page }) => {
    const style = await page.getByTestId('caption').evaluate((element) => {
      const { whiteSpace, fontFamily } = getComputedStyle(element);
      return { whiteSpace, mono: /mono|courier|consol/i.test(fontFamily) };
    });
    assert.deepEqual(style, { whiteSpace: 'pre-wrap', mono: true });
  }));

test('compared images stand together without covering each other, each with its own boxes and name', () =>
  onPage(STATES.compare, async ({ page }) => {
    const pairs = page.locator('.pair');
    assert.deepEqual(await pairs.locator('figcaption').allTextContents(), ['Image 1 (kitchen.png)', 'Image 2 (kitchen later.png)']);
    const labels = (index: number) =>
      pairs
        .nth(index)
        .getByTestId('box')
        .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')));
    assert.deepEqual([await labels(0), await labels(1)], [['lid'], ['spoon']]);
    const boxes = await Promise.all([0, 1].map((index) => pairs.nth(index).boundingBox()));
    // Side by side, or one above the other where that makes them larger.
    const [first, second] = boxes;
    assert.ok(first && second);
    const isBeside = first.y === second.y && first.x + first.width <= second.x;
    assert.ok(isBeside || (first.x === second.x && first.y + first.height <= second.y));
    assert.match(
      (await page.locator('object-row').nth(1).getAttribute('aria-label')) ?? '',
      /^2, spoon, .*Image 2 \(kitchen later\.png\)$/,
    );
    assert.equal(
      await page.getByTestId('caption').textContent(),
      'Image 1 (kitchen.png) has a lid, Image 2 (kitchen later.png) has none. The spoon of Image 2 is another one.',
    );
  }));

test('a row of the list zooms to its object in the image that it is in; the buttons act on that image from then on', () =>
  onPage(STATES.compare, async ({ page }) => {
    const transform = (index: number) =>
      page
        .locator('.stage')
        .nth(index)
        .evaluate((stage) => (stage as HTMLElement).style.transform);
    const before = [await transform(0), await transform(1)];
    await page.locator('object-row').nth(1).dblclick();
    await page.waitForFunction((was) => document.querySelectorAll<HTMLElement>('.stage')[1]?.style.transform !== was, before[1]);
    assert.equal(await transform(0), before[0]);
    const zoomed = await transform(1);
    await page.getByRole('button', { name: /Fit image/ }).click();
    await page.waitForFunction((was) => document.querySelectorAll<HTMLElement>('.stage')[1]?.style.transform !== was, zoomed);
    assert.equal(await transform(0), before[0]);
  }));

test('a comparison is run again, or asked about, with all its images', () =>
  onPage(STATES.compare, async (opened) => {
    const prompt = opened.page.getByTestId('prompt');
    await prompt.fill('Only the jars');
    await prompt.press('Enter');
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'compare', query: 'Only the jars' });
    // In the prompt the key of a task is a letter.
    await opened.page.getByTestId('viewer').first().focus();
    await opened.send({ type: 'view', action: 'task:ask' });
    await prompt.fill('Which is older?');
    await prompt.press('Enter');
    await opened.page.waitForFunction(() => window.posted.some((message) => message.type === 'run' && message.task === 'ask'));
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'ask', query: 'Which is older?', follows: COMPARED.id });
  }));

test('the cost of a comparison is that of all its images', () =>
  onPage(
    {
      ...session({ tasks: [...TASKS], images: [IMAGE, OTHER_IMAGE], runs: [COMPARED], shown: COMPARED.id }),
      cost: { imageTokens: 1000, otherImageTokens: { [OTHER_IMAGE.uri]: 500 }, instructionTokens: { compare: 20 } },
    },
    async ({ page }) => assert.match((await page.getByTestId('cost').textContent()) ?? '', /≈ 1,520 tok/),
  ));

test('the images of a comparison that was not sent are still there to be compared, at the cost of all of them', () =>
  onPage(
    {
      ...session({ tasks: [...TASKS], images: [IMAGE, OTHER_IMAGE] }),
      cost: { imageTokens: 1000, otherImageTokens: { [OTHER_IMAGE.uri]: 500 }, instructionTokens: { compare: 20 } },
    },
    async (opened) => {
      assert.ok((await opened.page.locator('.task kbd').allTextContents()).every((key) => key !== ''));
      await opened.send({ type: 'view', action: 'task:detect' });
      await opened.page.locator('.task[data-task=compare]').click();
      assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'compare', query: '' });
      assert.match((await opened.page.getByTestId('cost').textContent()) ?? '', /≈ 1,520 tok/);
    },
  ));

test('an image from the web is known by the address that a comparison names, whatever stands in that', () => {
  const address = 'https://example.com/100%.png';
  const [own, other] = COMPARED.images;
  const run = own && other ? { ...COMPARED, images: [own, { ...other, uri: address }] } : COMPARED;
  return onPage(session({ tasks: [...TASKS], runs: [run], shown: run.id }), async (opened) => {
    const names = opened.page.locator('.pair figcaption');
    assert.deepEqual(await names.allTextContents(), ['Image 1 (kitchen.png)', 'Image 2 (100%.png)']);
    const state = session({ tasks: [...TASKS], images: [IMAGE, { ...OTHER_IMAGE, addresses: [address] }], runs: [run], shown: run.id });
    await opened.send({ type: 'state', state });
    await names.filter({ hasText: 'kitchen later.png' }).waitFor();
    assert.equal(await opened.page.locator('.pair').nth(1).locator('img.picture').getAttribute('src'), OTHER_IMAGE.src);
  });
});

test('an image of a comparison that has not been read yet has its place', () =>
  onPage(session({ tasks: [...TASKS], runs: [COMPARED], shown: COMPARED.id }), async ({ page }) => {
    assert.deepEqual(await page.locator('.pair figcaption').allTextContents(), ['Image 1 (kitchen.png)', 'Image 2 (kitchen later.png)']);
  }));

test('the Up key brings the labels used before, one list after the other, and never takes what was typed', () =>
  onPage(session({ tasks: [...TASKS], labelLists: ['cat, dog', 'day, night'] }), async (opened) => {
    await opened.send({ type: 'view', action: 'task:classify' });
    const prompt = opened.page.getByTestId('prompt');
    for (const expected of ['cat, dog', 'day, night', 'day, night']) {
      await prompt.press('ArrowUp');
      assert.equal(await prompt.inputValue(), expected);
    }
    await prompt.fill('mine');
    await prompt.press('ArrowUp');
    assert.equal(await prompt.inputValue(), 'mine');
  }));

test('the words of a result can be saved', () =>
  onPage(STATES.ask, async (opened) => {
    await opened.page.getByRole('button', { name: 'More actions' }).click();
    await opened.page.getByRole('menuitem', { name: 'Save Prompt…' }).click();
    assert.deepEqual(await opened.posted('savePrompt'), { type: 'savePrompt', run: FOLLOW_UP.id });
  }));

for (const state of ['caption', 'readText', 'classify', 'ask', 'compare', 'detect'] as const) {
  test(`it can be read that the answer of a model is one (${state})`, () =>
    onPage(STATES[state], async ({ page }) => {
      const note = page.getByText("A model's answer: check it before you rely on it.");
      await note.waitFor();
      await page.getByRole('button', { name: /Show raw reply/ }).click();
      await page.locator('.raw').getByText("A model's answer").waitFor();
      assert.equal(await note.count(), 2);
    }));
}

test('of an answer that we wrote nothing is said of a model', () =>
  onPage(session({ ...STATES.caption, samples: [STATES.caption?.shown ?? ''] }), async ({ page }) => {
    await page.getByTestId('caption').waitFor();
    assert.equal(await page.getByTestId('review').count(), 0);
  }));
