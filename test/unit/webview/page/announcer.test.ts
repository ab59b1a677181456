import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Announcer } from '../../../../src/webview/page/announcer.ts';

/** A live region that keeps what was said in it. */
function region() {
  const said: string[] = [];
  const element = {
    set textContent(text: string) {
      said.push(text);
    },
  } as unknown as HTMLElement;
  return { said, announcer: new Announcer(element) };
}

test('something is said at once, and then at most once in two seconds: the latest', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { said, announcer } = region();
    announcer.say('Detecting…');
    for (let found = 1; found <= 40; found++) {
      announcer.follow(`${found} found so far`);
      mock.timers.tick(100);
    }
    assert.deepEqual(said, ['Detecting…', '20 found so far', '40 found so far']);
    mock.timers.tick(10_000);
    assert.equal(said.length, 3, 'nothing is said twice');
    announcer.say('Zoom 133 %');
    assert.equal(said.at(-1), 'Zoom 133 %');
  } finally {
    mock.timers.reset();
  }
});

test('the same state is said once, nothing to say is not said', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { said, announcer } = region();
    for (const text of ['', 'Done. 4 objects, 3 labels.', '', 'Done. 4 objects, 3 labels.']) {
      announcer.follow(text);
      mock.timers.tick(5000);
    }
    assert.deepEqual(said, ['Done. 4 objects, 3 labels.']);
  } finally {
    mock.timers.reset();
  }
});
