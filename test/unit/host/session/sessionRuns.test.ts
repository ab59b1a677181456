import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ImageAsSent, Inspection } from '../../../../src/core/inspection/inspection.ts';
import { callFor, callOf } from '../../../../src/host/session/sessionCalls.ts';
import { SessionRuns } from '../../../../src/host/session/sessionRuns.ts';
import { inspection } from '../../../webview/support/sessions.ts';

const IMAGE = inspection('detect').images[0] as ImageAsSent;

function run(id: string, uris: readonly string[] = ['own:'], sha256 = 'own'): Inspection {
  return inspection('detect', { id, images: uris.map((uri) => ({ ...IMAGE, uri, sha256 })) });
}

function runsWith(...all: readonly Inspection[]): SessionRuns {
  const runs = new SessionRuns();
  for (const each of all) runs.add(each);
  return runs;
}

const idsOf = ({ state }: SessionRuns) => state.runs.map(({ id }) => id);

describe('the runs of a session', () => {
  test('one that is new is shown, one that is known only comes back', () => {
    const runs = runsWith(run('a'), run('b'), run('a'));
    assert.deepEqual([idsOf(runs), runs.state.shown, runs.shown?.id], [['a', 'b'], 'a', 'a']);
  });

  test('what the store holds comes first; one that ended while it was read stays, one of another image goes', () => {
    const runs = runsWith(run('older', ['own:'], 'other'), run('both'), run('ended'));
    runs.show('both');
    runs.read([run('stored'), run('both')], 'own');
    assert.deepEqual([idsOf(runs), runs.state.shown], [['stored', 'both', 'ended'], 'both']);
  });

  test('the last is shown where the one that was shown is gone', () => {
    const runs = runsWith(run('a'), run('b'), run('c'));
    runs.remove(runs.shown as Inspection);
    assert.deepEqual([idsOf(runs), runs.state.shown], [['a', 'b'], 'b']);
    runs.remove(runs.of('a') as Inspection);
    assert.deepEqual([idsOf(runs), runs.state.shown], [['b'], 'b']);
    runs.read([], 'changed');
    assert.deepEqual(runs.state, { runs: [] });
  });

  test('which was shown outlives a clearing, if it is read again', () => {
    const runs = runsWith(run('a'), run('b'));
    runs.show('a');
    runs.clear();
    assert.deepEqual([idsOf(runs), runs.shown], [[], undefined]);
    runs.read([run('a'), run('b')], 'own');
    assert.equal(runs.shown?.id, 'a');
  });
});

describe('the calls of a session', () => {
  const contextOf = (runs: SessionRuns) => ({ own: 'own:', others: ['brought:'], runs, fileOf: (address: string) => address });
  const compare = { task: 'compare', query: '', options: {} } as const;

  test('a comparison is with what is named, else with that of the shown run, else with all that is here', () => {
    const context = contextOf(runsWith(run('alone'), run('pair', ['own:', 'b:'])));
    assert.deepEqual(callFor(compare, ['named:'], context).images, ['own:', 'named:']);
    assert.deepEqual(callFor(compare, [], context).images, ['own:', 'b:']);
    context.runs.show('alone');
    assert.deepEqual(callFor(compare, [], context).images, ['own:', 'brought:']);
  });

  test('a question brings the images of the run that it follows, and no others', () => {
    const context = contextOf(runsWith(run('pair', ['own:', 'b:']), run('alone')));
    const ask = (options: { follow?: string }) => callFor({ task: 'ask', query: '', options }, [], context).images;
    assert.deepEqual([ask({ follow: 'pair' }), ask({ follow: 'alone' }), ask({})], [['own:', 'b:'], ['own:'], ['own:']]);
  });

  test('a run is asked anew in its words, of its images, area and covers', () => {
    const region = { x: 0, y: 0, width: 5, height: 5 };
    const pair = run('pair', ['own:', 'b:']);
    const [own, other] = pair.images as [typeof IMAGE, typeof IMAGE];
    const images = [{ ...own, sent: { ...own.sent, region, redactions: [region] } }, other];
    const call = callOf({ ...pair, task: 'ask', prompt: 'which?', follows: 'a', images }, contextOf(runsWith()));
    assert.deepEqual(call, {
      task: 'ask',
      query: 'which?',
      images: ['own:', 'b:'],
      options: { follow: 'a', region, redactions: [region] },
    });
  });
});
