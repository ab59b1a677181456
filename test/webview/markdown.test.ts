import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TASKS } from '../../src/core/inspection/inspection.ts';
import { plainText } from '../../src/core/markdown/markdown.ts';
import { parseMarkdown } from '../../src/core/markdown/parseMarkdown.ts';
import { browserPages } from './support/onPage.ts';
import { inspection, OBJECTS, session } from './support/sessions.ts';

const onPage = browserPages();

const WRITTEN = [
  'Two **glass jars**, see [the shop](javascript:alert(1)):',
  '- one with a *lid*\n- ![a lid](https://example.com/x.png)',
  '| What | Price |\n| --- | --- |\n| lid | =3 |',
  '```json\n{"lid": 1}\n```',
  '<b onclick="alert(1)">bold</b>',
].join('\n\n');
const PLAIN = plainText(parseMarkdown(WRITTEN));
const FOUND = inspection('detect', { id: 'found', detections: OBJECTS });
const ANSWER = inspection('ask', { id: 'answer', prompt: 'What is there?', text: PLAIN, raw: WRITTEN });
const TALK = session({ tasks: [...TASKS], runs: [FOUND, ANSWER], shown: 'answer' });

test('lists, tables and code of an answer are drawn; links, images and HTML are text; words in them lead to objects', () =>
  onPage(TALK, async (opened) => {
    const { page } = opened;
    const caption = page.getByTestId('caption');
    const texts = (selector: string) => caption.locator(selector).allTextContents();
    assert.deepEqual(await texts('li'), ['one with a lid', '![a lid](https://example.com/x.png)']);
    const marker = await caption.locator('ul').evaluate((list) => getComputedStyle(list).listStyleType);
    assert.equal(marker, 'disc');
    assert.deepEqual(await texts('th'), ['What', 'Price']);
    assert.deepEqual(await texts('td'), ['lid', '=3']);
    assert.deepEqual(await texts('pre'), ['{"lid": 1}']);
    assert.deepEqual(await texts('strong'), ['glass jars']);
    assert.equal((await texts('p'))[0], 'Two glass jars, see the shop (javascript:alert(1)):');
    assert.equal((await texts('p')).at(-1), '<b onclick="alert(1)">bold</b>');
    assert.equal(await caption.locator('a, img, b, [onclick]').count(), 0);
    assert.equal(await caption.locator('strong .phrase').count(), 1);
    assert.equal(await caption.locator('li .phrase').first().textContent(), 'lid');
    assert.equal(await caption.locator('td .phrase').textContent(), 'lid');
    await caption.getByRole('button', { name: 'Copy code' }).click();
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'copyText', text: '{"lid": 1}' });
  }));

for (const [item, copied] of [
  ['Copy as Markdown', (text: string) => assert.equal(text, WRITTEN)],
  ['Copy as CSV', (text: string) => assert.equal(text, "What,Price\r\nlid,'=3\r\n")],
  ['Copy as JSON', (text: string) => assert.equal(JSON.parse(text).text, PLAIN)],
] as const)
  test(`the menu beside an answer: ${item}`, () =>
    onPage(TALK, async (opened) => {
      const { page } = opened;
      await page.getByRole('button', { name: 'Copy Answer As' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      const { action, text } = (await opened.posted('act')) as { action: string; text: string };
      assert.equal(action, 'copyText');
      copied(text);
    }));

test('an older result, whose text was not read as Markdown, is shown as it is', () =>
  onPage(session({ tasks: [...TASKS], runs: [{ ...ANSWER, text: WRITTEN }], shown: 'answer' }), async ({ page }) => {
    assert.equal(await page.getByTestId('caption').textContent(), WRITTEN);
    await page.getByRole('button', { name: 'Copy Answer As' }).click();
    assert.equal(await page.getByRole('menuitem', { name: 'Copy as CSV' }).count(), 0);
  }));
