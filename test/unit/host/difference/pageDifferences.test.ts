import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Alignment } from '../../../../src/core/inspection/imageDifference.ts';
import { PageDifferences } from '../../../../src/host/difference/pageDifferences.ts';
import type { ShownDifference } from '../../../../src/imaging/difference/difference.ts';
import { type ByteSource, memorySource } from '../../../../src/imaging/reading/byteSource.ts';

const FOUND: ShownDifference = {
  difference: {
    changed: true,
    sizes: [
      { width: 2, height: 2 },
      { width: 2, height: 2 },
    ],
    share: 0.25,
    regions: [{ x: 1, y: 1, width: 1, height: 1 }],
  },
  picture: { png: Uint8Array.of(1, 2, 3), box: { x: 1, y: 1, width: 1, height: 1 } },
};
type Session = Parameters<PageDifferences['answer']>[0];
const session = { images: ['file:///a.png', 'file:///b.png'].map((uri) => ({ uri: { toString: () => uri } })) } as unknown as Session;
const asks = (request: number, second = 'file:///b.png', alignment: Alignment = 'corner'): Parameters<PageDifferences['answer']>[1] => ({
  type: 'difference',
  request,
  uris: ['file:///a.png', second],
  alignment,
});
const files = { open: async () => memorySource(Uint8Array.of(1)) };

/** Is done when it is told to be, or given up. */
function heldWorker() {
  const held: { finish(): void; signal: AbortSignal | undefined }[] = [];
  const difference = (_older: ByteSource, _newer: ByteSource, _alignment: Alignment, signal?: AbortSignal) =>
    new Promise<ShownDifference>((resolve, reject) => {
      held.push({ finish: () => resolve(FOUND), signal });
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  return { held, difference };
}

suite('the differences of pages', () => {
  test('are answered with the pixels, by the number of the question', async () => {
    const answer = await new PageDifferences({ files, worker: { difference: async () => FOUND } }).answer(session, asks(7));
    const pixels = { png: Uint8Array.of(1, 2, 3), box: { x: 1, y: 1, width: 1, height: 1 } };
    assert.deepEqual(answer, { type: 'difference', request: 7, difference: FOUND.difference, pixels });
  });

  test('of images that the page does not show are refused, without opening a file', async () => {
    const closed = { open: async () => assert.fail('opened') };
    const answer = await new PageDifferences({ files: closed, worker: { difference: async () => FOUND } }).answer(
      session,
      asks(1, 'file:///etc/passwd'),
    );
    assert.deepEqual([answer.problem?.reason, answer.difference], ['notFound', undefined]);
  });

  test('are given up for a newer question of the same page', async () => {
    const worker = heldWorker();
    const differences = new PageDifferences({ files, worker });
    const first = differences.answer(session, asks(1));
    while (worker.held.length < 1) await new Promise((resolve) => setImmediate(resolve));
    const second = differences.answer(session, asks(2, 'file:///b.png', 'center'));
    assert.equal((await first).problem?.reason, 'cancelled');
    assert.equal(worker.held[0]?.signal?.aborted, true);
    while (worker.held.length < 2) await new Promise((resolve) => setImmediate(resolve));
    worker.held[1]?.finish();
    assert.equal((await second).difference?.changed, true);
  });
});
