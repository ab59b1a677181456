import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TASKS } from '../../src/core/inspection/inspection.ts';
import { picturePages, places } from './support/picture.ts';
import { inspection, object, session } from './support/sessions.ts';

const onPage = picturePages();

const tasks = [...TASKS];
const cost = { imageTokens: 1089, instructionTokens: {}, outputPrice: 3 };

test('a description shows how long it is as alt text, and copies that', () =>
  onPage(
    session({ tasks, runs: [inspection('caption', { id: 'told', text: 'A red bus stops.\n\nPeople get off.' })], shown: 'told' }),
    async (opened) => {
      const line = opened.page.getByTestId('alt-text');
      assert.match((await line.textContent()) ?? '', /^Alt text, \d+ of 125 characters/);
      await line.getByRole('button', { name: 'Copy Alt Text' }).click();
      const { text } = (await opened.posted('act')) as { text?: string };
      assert.ok(text?.startsWith('A red bus stops.') && !text.includes('\n'), text);
      assert.match((await line.textContent()) ?? '', new RegExp(`^Alt text, ${text?.length} of 125`));
    },
  ));

test('words of an answer point to the picture or not: by a menu that says what that costs, for Describe and Ask only', () =>
  onPage(session({ tasks, cost, pointInAnswers: true }), async (opened) => {
    const { page } = opened;
    const menu = page.getByTestId('places');
    const choose = async (task: string) => {
      await page.getByRole('button', { name: /^Task/ }).first().click();
      await page.getByRole('menuitemradio', { name: task }).click();
    };
    await choose('Detect');
    assert.equal(await menu.count(), 0);
    await choose('Describe');
    await menu.click();
    const on = page.getByRole('menuitemradio', { name: 'Words That Point to the Image' });
    assert.equal(await on.getAttribute('aria-checked'), 'true');
    assert.match((await on.textContent()) ?? '', /≈ \+ \d+ tok.*\$0\.\d+/);
    await page.getByRole('menuitemradio', { name: 'Words Only' }).click();
    assert.deepEqual(await opened.posted('pointInAnswers'), { type: 'pointInAnswers', on: false });
  }));

const TABLE = [
  object(1, 'Name', [0.1, 0.1, 0.2, 0.06]),
  object(2, 'Price', [0.6, 0.1, 0.2, 0.06]),
  object(3, 'Tea', [0.1, 0.2, 0.2, 0.06]),
  object(4, '2,50', [0.6, 0.2, 0.2, 0.06]),
];
const READ = session({
  tasks,
  runs: [inspection('readText', { id: 'read', text: TABLE.map(({ label }) => label).join('\n'), detections: TABLE })],
  shown: 'read',
});

test('lines that stand in rows are copied as a table', () =>
  onPage(READ, async (opened) => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Copy as Markdown Table' }).click();
    const { text } = (await opened.posted('act')) as { text?: string };
    assert.match(text ?? '', /^\| Name +\| Price +\|\n\| -+ +\| -+ +\|\n\| Tea +\| 2,50 +\|/);
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    const csv = ((await opened.posted('act')) as { text?: string }).text ?? '';
    assert.deepEqual(csv.trim().split(/\r?\n/), ['Name,Price', 'Tea,"2,50"']);
  }));

test('the text inside a region is copied, and nothing beside it', () =>
  onPage(READ, async (opened) => {
    const { page } = opened;
    await opened.send({ type: 'view', action: 'chooseRegion' });
    const { picture } = await places(page);
    const at = (x: number, y: number) => [picture.x + x * picture.width, picture.y + y * picture.height] as const;
    await page.mouse.move(...at(0.05, 0.05));
    await page.mouse.down();
    await page.mouse.move(...at(0.45, 0.4), { steps: 4 });
    await page.mouse.up();
    await page.getByTestId('region-bar').getByRole('button', { name: 'Copy Text' }).click();
    assert.equal(((await opened.posted('act')) as { text?: string }).text, 'Name\nTea');
  }));
