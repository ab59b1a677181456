import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Uri as RealUri } from 'vscode';
import { FileSystemError, FileType, Uri, useVscodeStub, workspace } from '../../../fakes/vscode.ts';

useVscodeStub();
const { labelsOfMany } = await import('../../../../src/host/labels/manyLabels.ts');

const LABEL = new TextEncoder().encode(
  '<annotation><object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>',
);

/** Has the files of a folder with labels; whether the case of their names matters is as a test wants it. */
function serve(names: readonly string[], isCaseSensitive: boolean): void {
  const folded = (name: string) => (isCaseSensitive ? name : name.toLowerCase());
  const stat = async ({ path }: { path: string }) => {
    if (!names.some((name) => folded(`/set/${name}`) === folded(path))) throw new FileSystemError('not found');
    return { type: FileType.File, size: LABEL.length, mtime: 0, ctime: 0 };
  };
  workspace.fs = {
    stat,
    readFile: async (uri) => stat(uri).then(() => LABEL),
    readDirectory: async ({ path }) => (path === '/set' ? names.map((name) => [name, FileType.File]) : []),
  };
}

test('labels of a name in other letters are those of the image where the case of names does not matter, and else are not there', async () => {
  const names = ['cat.png', 'CAT.xml', 'dog.png', 'dog.xml'];
  const found = async (name: string) => {
    const labelsOf = await labelsOfMany(undefined);
    return (await labelsOf(Uri.parse(`memory:///set/${name}`) as unknown as RealUri))?.image.objects.map(({ label }) => label);
  };
  serve(names, false);
  assert.deepEqual([await found('cat.png'), await found('dog.png')], [['cat'], ['cat']]);
  serve(names, true);
  assert.deepEqual([await found('cat.png'), await found('dog.png')], [undefined, ['cat']]);
});
