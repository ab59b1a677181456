import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isImageUnbilled } from '../../../../src/core/usage/isImageUnbilled.ts';

for (const [what, tokens, images, unseen] of [
  ['image tokens were billed', { image: 1088, prompt: 1150, estimated: 1089 }, 1, false],
  ['kinds are told, and images are not among them', { image: 0, prompt: 5000, estimated: 1089 }, 1, true],
  ['kinds are not told, and the prompt is too small for an image', { prompt: 62, estimated: 1089 }, 1, true],
  ['kinds are not told, and the prompt may hold the image', { prompt: 320, estimated: 1548 }, 1, false],
  ['one of two may be missing', { prompt: 320, estimated: 1548 }, 2, true],
  ['the resolution is low', { prompt: 100, estimated: 64 }, 1, false],
  ['nothing was billed', { estimated: 1089 }, 1, false],
  ['there was no image', { image: 0, prompt: 10, estimated: 0 }, 0, false],
] as const) {
  test(`${what}: ${unseen ? 'not seen' : 'seen, or not known'}`, () => assert.equal(isImageUnbilled(tokens, images), unseen));
}
