import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownResult } from '../../../../src/webview/result/shownResult.ts';
import { describeRunning, outcome } from '../../../../src/webview/result/statusText.ts';
import { INITIAL_STATE, looksOther, type PageAction, type PageState, reduce } from '../../../../src/webview/state/pageState.ts';
import { runTitle } from '../../../../src/webview/text/describeTask.ts';
import { CHECKED, inspection, OBJECTS, object, running, session, sessionWith } from '../../../webview/support/sessions.ts';

function after(...actions: PageAction[]): PageState {
  return actions.reduce(reduce, INITIAL_STATE);
}

test('another result starts with a clean selection and suitable layers', () => {
  const state = after(
    { type: 'toggleLayer', layer: 'labels' },
    { type: 'select', id: '3' },
    { type: 'hide', ids: ['4'] },
    { type: 'shown', key: 'a', task: 'segment', prompt: '', boxes: false },
  );
  assert.deepEqual(
    [state.selected, state.hidden, state.layers.boxes, state.layers.labels, state.task],
    [undefined, [], false, false, 'segment'],
  );
  assert.equal(reduce(state, { type: 'shown', key: 'b', task: 'detect', prompt: '', boxes: true }).layers.boxes, true);
});

test('the same result again changes nothing', () => {
  const state = after({ type: 'shown', key: 'a', task: 'segment', prompt: '', boxes: false }, { type: 'toggleLayer', layer: 'boxes' });
  assert.equal(reduce(state, { type: 'shown', key: 'a', task: 'segment', prompt: '', boxes: false }), state);
});

test('where only one has room, an answer in words is shown, and objects are left on the picture', () => {
  assert.equal(after({ type: 'shown', key: 'a', task: 'caption', prompt: '', boxes: true }).tab, 'results');
  assert.equal(after({ type: 'shown', key: 'a', task: 'detect', prompt: '', boxes: true }).tab, 'image');
});

test('an answered prompt is cleared, other words are kept', () => {
  const typed = after({ type: 'query', query: ' spoons ' });
  assert.equal(reduce(typed, { type: 'shown', key: 'a', task: 'detect', prompt: 'spoons', boxes: true }).query, '');
  assert.equal(reduce(typed, { type: 'shown', key: 'a', task: 'detect', prompt: 'jars', boxes: true }).query, ' spoons ');
});

test('hiding is undone step by step', () => {
  const state = after({ type: 'select', id: '2' }, { type: 'hide', ids: ['2'] }, { type: 'hide', ids: ['5', '6'] });
  assert.equal(state.selected, undefined);
  assert.deepEqual(reduce(state, { type: 'undoHide' }).hidden, [['2']]);
  assert.deepEqual(reduce(state, { type: 'showAll' }).hidden, []);
  assert.equal(reduce(INITIAL_STATE, { type: 'undoHide' }), INITIAL_STATE);
});

test('a task at work is shown before any run, else the chosen run, else nothing', () => {
  const run = inspection('detect', { detections: OBJECTS });
  const atWork = shownResult(sessionWith(run, { running: running('segment', { detections: OBJECTS.slice(0, 1) }) }), false);
  assert.deepEqual([atWork.task, atWork.objects.length, atWork.run], ['segment', 1, undefined]);
  assert.equal(shownResult(sessionWith(run), false).run, run);
  assert.equal(shownResult(session({ runs: [run] }), false).task, undefined);
});

test('of several images each has its own objects, and all keep their order in the list', () => {
  const elsewhere = { ...object(2, 'jar', [0, 0, 1, 1]), imageIndex: 1 };
  const run = inspection('compare', { detections: [OBJECTS[0] as (typeof OBJECTS)[0], elsewhere] });
  const [image] = run.images;
  const pair = { ...run, images: image ? [image, { ...image, uri: 'file:///pictures/a%20b.png' }] : [] };
  const { objects, objectsIn, images } = shownResult(sessionWith(pair), false);
  const ids = (all: readonly { detection: { id: string } }[]) => all.map(({ detection }) => detection.id);
  assert.deepEqual([ids(objects), ...objectsIn.map(ids)], [['1', '2'], ['1'], ['2']]);
  assert.equal(images[1]?.name, 'a b.png', 'not read yet');
});

test('objects that are shown again as they were are the very same, so that they are not drawn anew', () => {
  const shown = sessionWith(inspection('detect', { detections: OBJECTS }));
  const before = shownResult(shown, false).objects;
  const again = shownResult({ ...shown }, false).objects;
  assert.ok(before.length > 0);
  for (const [index, object] of again.entries()) assert.equal(object, before[index]);
  const other = shownResult(shown, false, 'object').objects;
  assert.ok(
    other.some((object, index) => object !== before[index]),
    'another color is another look',
  );
});

test('all well, nothing found, unreadable and partly usable are told apart', () => {
  const how = (more: Parameters<typeof inspection>[1]) => outcome(shownResult(sessionWith(inspection('detect', more)), false));
  const dropped = [{ index: 0, reason: 'There is no box.', raw: '{}' }];
  assert.deepEqual(how({ detections: OBJECTS }), { kind: 'fine', text: '4 objects · 3 labels' });
  assert.equal(how({ detections: [] })?.kind, 'nothing');
  assert.deepEqual(how({ detections: [], dropped }), {
    kind: 'unreadable',
    text: 'The reply could not be read',
    detail: 'There is no box.',
  });
  assert.equal(how({ detections: [], complete: false, finishReason: 'MAX_TOKENS' })?.kind, 'unreadable');
  const problem = how({ detections: OBJECTS, dropped, complete: false, finishReason: 'MAX_TOKENS' });
  assert.deepEqual(problem, {
    kind: 'problem',
    text: '4 of 5 objects kept',
    detail: 'The reply was cut at the output limit. One object could not be used.',
  });
  assert.deepEqual(how({ detections: OBJECTS, complete: false, finishReason: 'SAFETY' }), {
    kind: 'problem',
    text: '4 objects kept',
    detail: "Gemini's safety filters stopped the answer (SAFETY).",
  });
});

test('an answer in words is told as such, an end in the words of the API, a check by what was judged', () => {
  const how = (more: Parameters<typeof inspection>[1]) => outcome(shownResult(sessionWith(inspection('detect', more)), false));
  const dropped = [{ index: 0, reason: 'Gemini answered with words instead of objects.', raw: '' }];
  assert.deepEqual(how({ detections: [], dropped, raw: 'I cannot do that.' }), {
    kind: 'unreadable',
    text: 'Gemini answered with words instead of objects',
    detail: '',
  });
  assert.equal(
    (how({ detections: OBJECTS, complete: false, finishReason: 'OTHER', finishMessage: 'Hm.' }) as { detail?: string }).detail,
    'Gemini stopped for a reason that it does not name (OTHER). Gemini says: Hm.',
  );
  assert.deepEqual(outcome(shownResult(sessionWith(CHECKED), false)), {
    kind: 'problem',
    text: '3 of 4 objects checked',
    detail: 'The others were not judged.',
  });
  assert.equal(runTitle(CHECKED), 'Check objects');
  assert.equal(runTitle({ ...CHECKED, prompt: ' cups ' }), 'Check: cups');
});

test('it is said when masks were asked for and only boxes came', () => {
  const boxes = OBJECTS.map(({ mask: _, maskProblem: __, ...box }) => box);
  const [first, ...others] = boxes as [(typeof boxes)[0], ...typeof boxes];
  const how = (detections: typeof OBJECTS, task: 'detect' | 'segment' = 'segment') =>
    outcome(shownResult(sessionWith(inspection(task, { detections })), false));
  assert.deepEqual(how(boxes), { kind: 'problem', text: '4 objects · 3 labels', detail: 'The model gave only boxes, no masks.' });
  assert.equal(how(boxes, 'detect')?.kind, 'fine');
  assert.equal(how([{ ...first, maskProblem: 'It is cut.' }, ...others])?.kind, 'fine', 'one came, and says itself why it is not seen');
  assert.equal(
    how([
      {
        ...first,
        mask: {
          kind: 'polygon',
          points: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        },
      },
      ...others,
    ])?.kind,
    'fine',
  );
});

test('the status of a task at work says what it waits for', () => {
  assert.equal(describeRunning(running('detect', { phase: 'uploading', uploaded: 42 })), 'Uploading 42 %');
  assert.equal(describeRunning(running('detect', { phase: 'waiting' })), 'Waiting for Gemini…');
  assert.equal(describeRunning(running('detect', { phase: 'receiving', detections: OBJECTS })), '4 found so far');
});

test('a page is drawn again for what can be seen, not for what is only remembered', () => {
  const moved = after({ type: 'middle', middle: { x: 1, y: 2, k: 3 } }, { type: 'scroll', scroll: 40 });
  assert.equal(looksOther(moved, INITIAL_STATE), false);
  assert.equal(looksOther(reduce(moved, { type: 'select', id: '1' }), moved), true);
  assert.equal(looksOther(INITIAL_STATE, undefined), true);
});

test('an object that is chosen among the changes of two pictures leads back to the pictures, and their changes to no object', () => {
  const differing = reduce({ ...INITIAL_STATE, selected: '1' }, { type: 'pictures', mode: 'difference' });
  assert.deepEqual([differing.pictures, differing.selected], ['difference', undefined]);
  assert.equal(reduce(differing, { type: 'select', id: undefined }).pictures, 'difference');
  assert.equal(reduce(differing, { type: 'select', id: '2' }).pictures, 'auto');
  const swiped = reduce(INITIAL_STATE, { type: 'pictures', mode: 'swipe' });
  assert.equal(reduce(swiped, { type: 'select', id: '2' }).pictures, 'swipe');
  assert.equal(reduce(differing, { type: 'align', alignment: 'center' }).alignment, 'center');
});
