import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from '../../../../src/core/request/commandArguments.ts';

const cat = { scheme: 'file', authority: '', path: '/pictures/cat.png', query: '', fragment: '' };
const dog = { ...cat, path: '/pictures/dog.png' };

test('the explorer passes the clicked image and all that are selected', () => {
  assert.deepEqual(readArguments([cat, [cat, dog]]), { uris: [cat, dog], options: {}, fromCode: false });
  assert.deepEqual(readArguments([cat, [cat]]).uris, [cat]);
});

test('an image selected twice counts once', () => {
  assert.deepEqual(readArguments([cat, [cat, dog, { ...cat }]]).uris, [cat, dog]);
});

test('a call tells that it named an image more than once', () => {
  assert.equal(readArguments([cat, [cat, { ...cat }], {}]).repeated, true);
  assert.equal(readArguments([cat, [cat, dog], {}]).repeated, undefined);
});

test('an editor tab passes its group as the second argument, which is no selection', () => {
  assert.deepEqual(readArguments([cat, { groupId: 1 }]), { uris: [cat], options: {}, fromCode: false });
});

test('a menu on a webview passes its context, which names no image', () => {
  assert.deepEqual(readArguments([{ webview: 'imagePreview.previewEditor', preventDefaultContextMenuItems: true }]), {
    uris: [],
    options: {},
    fromCode: false,
  });
});

test('the palette passes nothing', () => {
  assert.deepEqual(readArguments([]), { uris: [], options: {}, fromCode: false });
});

test('an options object, even an empty one, makes it a call from code', () => {
  assert.deepEqual(readArguments([{}]), { uris: [], options: {}, fromCode: true });
  assert.deepEqual(readArguments([cat, undefined, {}]), { uris: [cat], options: {}, fromCode: true });
  assert.deepEqual(readArguments([undefined, undefined, { query: 'cats' }]), { uris: [], options: { query: 'cats' }, fromCode: true });
});

test('options may name the image: a keybinding passes one argument', () => {
  assert.deepEqual(readArguments([{ uri: '/pictures/cat.png', query: 'ears' }]).uris, ['/pictures/cat.png']);
  assert.deepEqual(readArguments([{ uri: cat }]).uris, [cat]);
});

test('an address or a path may stand in the place of a Uri: nothing else is taken in its stead', () => {
  assert.deepEqual(readArguments(['/pictures/cat.png', undefined, {}]), { uris: ['/pictures/cat.png'], options: {}, fromCode: true });
  assert.deepEqual(readArguments(['file:///pictures/cat.png']), { uris: ['file:///pictures/cat.png'], options: {}, fromCode: false });
  assert.deepEqual(readArguments([{ uri: null, query: 'x' }]).uris, []);
  assert.deepEqual(readArguments([{ uri: 42 }]).uris, [42]);
});

test('a selection beside options keeps all its images', () => {
  assert.deepEqual(readArguments([cat, [cat, dog], { model: 'm' }]), { uris: [cat, dog], options: { model: 'm' }, fromCode: true });
});

test('what is no Uri in a selection is left out', () => {
  assert.deepEqual(readArguments([cat, [1, null, 'x', dog]]).uris, [dog]);
});

test('the menu of a debugger names a variable, which is no call from code', () => {
  const context = {
    sessionId: 's',
    container: {},
    variable: { name: 'reply', value: '[1]', evaluateName: 'r.text', variablesReference: 0 },
  };
  assert.deepEqual(readArguments([context]), {
    uris: [],
    options: {},
    fromCode: false,
    variable: { sessionId: 's', value: '[1]', evaluateName: 'r.text' },
  });
});

test('the menu of a source control passes its files one an argument, and is no call from code', () => {
  const uri = (path: string) => ({ scheme: 'file', path });
  const resource = (path: string) => ({ resourceUri: uri(path), decorations: {} });
  assert.deepEqual(readArguments([resource('/a.png'), resource('/b.png'), resource('/a.png')]), {
    uris: [uri('/a.png'), uri('/b.png')],
    options: {},
    fromCode: false,
  });
  assert.deepEqual(readArguments([{ resourceUri: '/a.png' }]).fromCode, true);
});
