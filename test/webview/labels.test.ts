import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { browserPages } from './support/onPage.ts';
import { inspection, object, session } from './support/sessions.ts';

const onPage = browserPages();

const { sent: _, ...IMAGE } = inspection('detect', { id: 'any' }).images[0] as { sent?: unknown } & ReturnType<
  typeof inspection
>['images'][number];
const LABELS = inspection('detect', {
  id: 'labels',
  source: 'file',
  model: '',
  images: [IMAGE],
  detections: [object(1, 'jar', [0.1, 0.2, 0.15, 0.3]), object(2, 'cup', [0.6, 0.6, 0.1, 0.2]), object(3, 'lid', [0.4, 0.1, 0.1, 0.1])],
});
const RESULT = inspection('detect', {
  id: 'result',
  detections: [object(1, 'jar', [0.1, 0.2, 0.15, 0.3]), object(2, 'mug', [0.6, 0.6, 0.1, 0.2]), object(3, 'spoon', [0.8, 0.1, 0.1, 0.1])],
});
const SCORED = session({ runs: [LABELS, RESULT], shown: 'result' });

test('a run against its labels: true, false and missed by color and line, the figures, and only mistakes', () =>
  onPage(SCORED, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'compareShown' });
    const figures = page.getByTestId('evaluation');
    await figures.waitFor();
    assert.equal(await page.getByTestId('task-status').textContent(), '1 true · 2 false · 2 missed');
    assert.match((await figures.textContent())?.replace(/\s+/g, ' ') ?? '', /Labels ?3.*Precision ?0\.333.*Recall ?0\.333.*F1 ?0\.333/);
    const rows = () => page.locator('object-row').evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    const says = [
      /^2, mug, .*False, labeled cup$/,
      /^3, spoon, .*False, not in the labels$/,
      /^2, cup, .*Missed, only in the labels$/,
      /^3, lid, .*Missed, only in the labels$/,
      /^1, jar, .*True, in the labels$/,
    ];
    const before = await rows();
    assert.equal(before.length, says.length);
    for (const [index, pattern] of says.entries()) assert.match(before[index] as string, pattern);
    const look = (id: string) =>
      page
        .locator(`.object:has([data-detection-id="${id}"]) .line`)
        .first()
        .evaluate((line) => `${line.getAttribute('stroke')} ${getComputedStyle(line).strokeDasharray}`);
    const looks = await Promise.all(['1', '2', 'a2'].map(look));
    assert.equal(new Set(looks.map((one) => one.split(' ')[0])).size, 3, looks.join(' | '));
    assert.equal(new Set(looks.map((one) => one.slice(8))).size, 3, looks.join(' | '));
    await page.getByRole('checkbox', { name: 'Only mistakes' }).check();
    await page.locator('object-row[aria-label*="True"]').waitFor({ state: 'detached' });
    assert.equal((await rows()).length, 4);
  }));

test('out of a set, the objects of one cell of the confusion matrix: the others are hidden, and can be shown again', () =>
  onPage(SCORED, async (opened) => {
    const { page } = opened;
    const scored = { id: 1, labels: 'labels', run: 'result', objects: { found: ['2'], truth: ['2'] } };
    await opened.send({ type: 'state', state: { ...SCORED, inSet: { at: 0, of: 2, scored } } });
    await page.getByTestId('evaluation').waitFor();
    const shown = () =>
      page.getByTestId('box').evaluateAll((boxes) => boxes.map((box) => (box as HTMLElement).dataset.detectionId).toSorted());
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="box"]').length === 2);
    assert.deepEqual(await shown(), ['2', 'a2']);
    await page.locator('[role="option"][aria-selected="true"][data-detection-id="2"]').waitFor();
    // The same wish again changes nothing of what was done since.
    await page.getByRole('button', { name: 'Show All' }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="box"]').length === 5);
    await opened.send({ type: 'state', state: { ...SCORED, inSet: { at: 0, of: 2, scored } } });
    await page.getByTestId('evaluation').waitFor();
    assert.equal((await shown()).length, 5);
  }));

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`axe finds nothing where a run is scored against its labels, theme ${theme}`, () =>
    onPage(
      SCORED,
      async (opened) => {
        const { page } = opened;
        await opened.send({ type: 'view', action: 'compareShown' });
        await page.getByTestId('evaluation').waitFor();
        await page.locator('object-row').first().click();
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`),
          [],
        );
      },
      { theme },
    ));
}
