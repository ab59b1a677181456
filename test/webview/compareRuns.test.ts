import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InspectorPage } from './support/inspectorPage.ts';
import { browserPages } from './support/onPage.ts';
import { inspection, OBJECTS, object, running, session } from './support/sessions.ts';

const onPage = browserPages();

const EARLIER = inspection('detect', { id: 'earlier', modelVersion: 'gemini-2.0-flash', detections: OBJECTS });
/** One new object, one gone, one moved, two that stayed, of which one has another label. */
const LATER = inspection('detect', {
  id: 'later',
  detections: [
    object(1, 'jar', [0.1, 0.2, 0.15, 0.3]),
    object(2, 'glass jar', [0.62, 0.25, 0.15, 0.32]),
    object(3, 'cup', [0.8, 0.6, 0.1, 0.2]),
    object(4, 'lid', [0.12, 0.21, 0.08, 0.06]),
  ],
});
const TWO_RUNS = session({ runs: [EARLIER, LATER], shown: 'later' });
const SUMMARY = '1 added · 1 lost · 1 renamed · 1 moved · 1 same · mean agreement 0.91';

async function compare(opened: InspectorPage): Promise<void> {
  await opened.send({ type: 'view', action: 'compareShown' });
  await opened.page.getByRole('heading', { name: 'Compare runs' }).waitFor();
}

test('two runs are one view: what was added, lost, moved and stayed, each with its figure', () =>
  onPage(TWO_RUNS, async (opened) => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Compare runs (V)' }).click();
    assert.equal(await page.getByTestId('task-status').textContent(), SUMMARY);
    await page.getByRole('status').filter({ hasText: SUMMARY }).waitFor();
    assert.deepEqual(
      await page.locator('.list [role="group"]').evaluateAll((groups) => groups.map((group) => group.getAttribute('aria-label'))),
      ['Added', 'Lost', 'Renamed', 'Moved', 'Same'],
    );
    const rows = await page.locator('object-row').evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    const says = [
      /^3, cup, .*Added, only in B$/,
      /^3, wooden spoon .*Lost, only in A$/,
      /^1, jar, .*Renamed, was glass jar, 1\.00$/,
      /^2, glass jar, .*Moved, 0\.72$/,
      /^4, lid, .*Same, 1\.00$/,
    ];
    assert.equal(rows.length, says.length);
    for (const [index, pattern] of says.entries()) assert.match(rows[index] as string, pattern);
    // Those that stayed are quiet, and have no tag.
    assert.deepEqual((await page.locator('.tag text').allTextContents()).sort(), [
      '1 jar',
      '2 glass jar',
      '3 cup',
      '3 wooden spoon with a rather long name',
    ]);
  }));

test('the earlier name stands on a line of its own, and figures keep their room; both runs say what they cost', () =>
  onPage(
    TWO_RUNS,
    async (opened) => {
      await compare(opened);
      const parts = await opened.page.locator('object-row.two-lines').evaluate((row) => {
        const part = (name: string) => row.shadowRoot?.querySelector(name) as HTMLElement;
        const [note, value] = [part('.note').getBoundingClientRect(), part('.value').getBoundingClientRect()];
        return {
          text: part('.note').textContent,
          apart: note.right <= value.left,
          inside: value.right <= row.getBoundingClientRect().right,
        };
      });
      assert.deepEqual(parts, { text: 'was glass jar', apart: true, inside: true });
      for (const side of ['a', 'b'])
        assert.match((await opened.page.getByTestId(`facts-${side}`).textContent()) ?? '', /1,623 tok · \$0\.0022/);
    },
    { width: 900 },
  ));

test('added, lost, moved and same differ in colour and line, and the earlier place of a moved one is dashed', () =>
  onPage(TWO_RUNS, async (opened) => {
    await compare(opened);
    const look = (id: string) =>
      opened.page.locator(`.object:has([data-detection-id="${id}"])`).evaluate((group) => ({
        opacity: group.getAttribute('opacity'),
        lines: [...group.querySelectorAll('.line')].map((line) => [
          line.getAttribute('stroke'),
          getComputedStyle(line).strokeDasharray !== 'none',
        ]),
      }));
    assert.deepEqual(await look('3'), { opacity: null, lines: [['#8CC22D', false]] });
    assert.deepEqual(await look('a3'), { opacity: null, lines: [['#DF5822', true]] });
    assert.deepEqual(await look('2'), {
      opacity: null,
      lines: [
        ['#69C1FC', true],
        ['#69C1FC', false],
      ],
    });
    assert.deepEqual(await look('4'), { opacity: '0.45', lines: [['#FFFFFF', false]] });
  }));

test('in high contrast each has a line of its own', () =>
  onPage(
    TWO_RUNS,
    async (opened) => {
      await compare(opened);
      const dashes = await Promise.all(
        ['3', 'a3', '2', '4'].map((id) =>
          opened.page
            .locator(`.object:has([data-detection-id="${id}"]) .line`)
            .last()
            .evaluate((line) => getComputedStyle(line).strokeDasharray),
        ),
      );
      assert.equal(new Set(dashes).size, 4, dashes.join(' | '));
    },
    { theme: 'highContrast' },
  ));

test('keys and buttons show one run or both, and K one after the other as long as it is held', () =>
  onPage(TWO_RUNS, async (opened) => {
    const { page } = opened;
    await compare(opened);
    const drawn = () =>
      page
        .getByTestId('box')
        .evaluateAll((boxes) =>
          boxes.map((box) => `${box.getAttribute('data-detection-id')} ${Math.round(Number(box.getAttribute('x')))}`),
        );
    const both = ['3 512', 'a3 224', '1 64', '2 397', '4 77'];
    const onlyA = ['a3 224', '1 64', '2 384', '4 77'];
    const onlyB = ['3 512', '1 64', '2 397', '4 77'];
    const viewer = page.getByTestId('viewer');
    assert.deepEqual(await drawn(), both);
    await viewer.press(',');
    assert.deepEqual(await drawn(), onlyA);
    assert.equal(await page.getByRole('button', { name: 'A', exact: true }).getAttribute('aria-pressed'), 'true');
    await viewer.press('.');
    assert.deepEqual(await drawn(), onlyB);
    await page.getByRole('button', { name: 'Both' }).click();
    assert.deepEqual(await drawn(), both);
    await viewer.focus();
    await page.keyboard.down('k');
    assert.deepEqual(await drawn(), onlyA);
    await page.waitForFunction(() => !document.querySelector('[data-testid="box"][data-detection-id="a3"]'));
    assert.deepEqual(await drawn(), onlyB);
    await page.keyboard.up('k');
    assert.deepEqual(await drawn(), both);
  }));

test('Esc clears the selection, then leaves the comparison', () =>
  onPage(TWO_RUNS, async (opened) => {
    const { page } = opened;
    await compare(opened);
    await page.locator('object-row').nth(1).click();
    await page.getByTestId('details').getByText('3 wooden spoon').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('object-row[aria-selected="true"]').count(), 0);
    await page.keyboard.press('Escape');
    await page.getByTestId('task-status').filter({ hasText: '4 objects · 4 labels' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Both' }).count(), 0);
  }));

test('A and B are chosen and swapped', () =>
  onPage(
    session({ runs: [inspection('detect', { id: 'first', prompt: 'lids', detections: [] }), EARLIER, LATER], shown: 'later' }),
    async (opened) => {
      const { page } = opened;
      await compare(opened);
      await page.getByRole('button', { name: 'Swap A and B' }).click();
      await page.getByText('1 added · 1 lost · 1 renamed · 1 moved').waitFor();
      await page.getByText('wooden spoon').first().waitFor();
      assert.match((await page.locator('object-row').first().getAttribute('aria-label')) ?? '', /wooden spoon.*only in B$/);
      await page.getByRole('button', { name: /^Run B/ }).click();
      await page.getByRole('menuitemradio', { name: /lids/ }).click();
      await page.getByText('0 added · 4 lost · 0 moved · 0 same').waitFor();
    },
  ));

test('pictures of an object that only run A has are made of run A', () =>
  onPage(TWO_RUNS, async (opened) => {
    await compare(opened);
    await opened.send({ type: 'object', action: 'copyCrop', id: 'a3' });
    assert.deepEqual((await opened.posted('makePicture')).picture, { kind: 'crop', run: 'earlier', detection: '3' });
  }));

test('a run that cannot be compared has no button for it', () =>
  onPage(session({ runs: [inspection('caption', { text: 'A kitchen.' }), LATER], shown: 'later' }), async (opened) => {
    assert.equal(await opened.page.getByRole('button', { name: 'Compare runs (V)' }).count(), 0);
    await opened.send({ type: 'view', action: 'compareShown' });
    await opened.drawn();
    assert.equal(await opened.page.getByRole('heading', { name: 'Compare runs' }).count(), 0);
  }));

test('answers stand beside each other with their differences marked, as text', () =>
  onPage(
    session({
      runs: [
        inspection('caption', { id: 'one', text: 'Two jars and <b>a spoon</b>.' }),
        inspection('caption', { id: 'two', text: 'Three jars and <b>a lid</b>.' }),
      ],
      shown: 'two',
    }),
    async (opened) => {
      await compare(opened);
      const { page } = opened;
      assert.deepEqual(await page.locator('.compared-text .caption').allTextContents(), [
        'Two jars and <b>a spoon</b>.',
        'Three jars and <b>a lid</b>.',
      ]);
      assert.deepEqual(await page.locator('del').allTextContents(), ['Two', 'spoon']);
      assert.deepEqual(await page.locator('ins').allTextContents(), ['Three', 'lid']);
    },
  ));

test('earlier and later runs are shown by key', () =>
  onPage(TWO_RUNS, async (opened) => {
    await opened.send({ type: 'view', action: 'earlierRun' });
    assert.deepEqual(await opened.posted('show'), { type: 'show', run: 'earlier' });
    await opened.send({ type: 'state', state: { ...TWO_RUNS, shown: 'earlier' } });
    await opened.send({ type: 'view', action: 'laterRun' });
    await opened.page.waitForFunction(() => window.posted.some((message) => message.type === 'show' && message.run === 'later'));
  }));

test('the stability of runs of one request: the surest first, the others fainter', () =>
  onPage(
    session({
      runs: [EARLIER, { ...EARLIER, id: 'second', detections: LATER.detections ?? [] }, { ...EARLIER, id: 'third' }],
      shown: 'third',
    }),
    async (opened) => {
      const { page } = opened;
      await page.locator('.panel .head').getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Stability of 3 Runs' }).click();
      await page.getByText('3 runs · 5 objects · 3 in every run').first().waitFor();
      assert.deepEqual(
        await page
          .locator('object-row')
          .evaluateAll((rows) => rows.map((row) => [row.textContent?.trim(), (row.getAttribute('aria-label') ?? '').split(', ').at(-1)])),
        [
          ['glass jar', 'in 3 of 3 runs'],
          ['glass jar', 'in 3 of 3 runs'],
          ['lid', 'in 3 of 3 runs'],
          ['wooden spoon with a rather long name', 'in 2 of 3 runs'],
          ['cup', 'in 1 of 3 runs'],
        ],
      );
      const opacity = await page
        .locator('.overlay .object')
        .evaluateAll((all) => all.map((one) => Number(one.getAttribute('opacity') ?? 1)));
      assert.deepEqual(opacity, [1, 1, 1, 0.75, 0.5]);
    },
  ));

test('a repetition is asked for in the menu, tells how far it is, and ends with what is stable', () =>
  onPage(session({ runs: [EARLIER], shown: 'earlier' }), async (opened) => {
    const { page } = opened;
    await page.locator('.panel .head').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Repeat…' }).click();
    assert.deepEqual(await opened.posted('repeat'), { type: 'repeat', run: 'earlier' });
    const status = page.getByTestId('task-status');
    const repeat = { done: 1, of: 2 };
    await opened.send({ type: 'state', state: session({ runs: [EARLIER], running: running('detect', { repeat }) }) });
    await status.filter({ hasText: '1 of 2 runs · Waiting for Gemini…' }).waitFor();
    const runs = [EARLIER, { ...EARLIER, id: 'second' }, { ...EARLIER, id: 'third', detections: OBJECTS.slice(1) }];
    await opened.send({ type: 'state', state: session({ runs, shown: 'third' }) });
    await status.filter({ hasText: '3 runs · 4 objects · 3 in every run' }).waitFor();
    assert.match((await page.locator('object-row').last().getAttribute('aria-label')) ?? '', /in 2 of 3 runs$/);
  }));
