import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { lfsObject } from '../../../../src/engine/files/lfsObject.ts';
import { isLfsPointer } from '../../../../src/imaging/reading/lfsPointer.ts';

const PICTURE = Buffer.from('a picture, as far as Git is concerned');
const OID = createHash('sha256').update(PICTURE).digest('hex');
const pointer = (oid = OID, size = PICTURE.length) =>
  new TextEncoder().encode(`version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`);

suite('what a pointer of Git LFS stands for', () => {
  let top: string;
  const write = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), content);
  };
  const read = async (path: string, bytes = pointer()) => {
    const found = await lfsObject(bytes, join(top, path));
    return found && Buffer.from(found).toString();
  };
  before(async () => {
    top = await mkdtemp(join(tmpdir(), 'lfs-object-'));
    await write(`site/.git/lfs/objects/${OID.slice(0, 2)}/${OID.slice(2, 4)}/${OID}`, PICTURE);
    const other = 'ab'.repeat(32);
    await write(`site/.git/lfs/objects/ab/ab/${other}`, PICTURE);
    await write('tree/.git', `gitdir: ${join(top, 'site/.git/worktrees/tree')}\n`);
    await write('site/.git/worktrees/tree/commondir', '../..\n');
    await write('module/.git', 'gitdir: ../site/.git/modules/module\n');
    await write(`site/.git/modules/module/lfs/objects/${OID.slice(0, 2)}/${OID.slice(2, 4)}/${OID}`, PICTURE);
  });
  after(() => rm(top, { recursive: true }));

  test('is read from the repository, also for a file in a folder that is gone', async () => {
    assert.equal(await read('site/logo.png'), PICTURE.toString());
    assert.equal(await read('site/gone/deep/logo.png'), PICTURE.toString());
  });

  test('in a linked working tree from the main one, in a submodule from its own', async () => {
    assert.equal(await read('tree/logo.png'), PICTURE.toString());
    assert.equal(await read('module/logo.png'), PICTURE.toString());
  });

  test('is not taken where its bytes are others than the pointer names, or are not there', async () => {
    assert.equal(await read('site/logo.png', pointer('ab'.repeat(32))), undefined);
    assert.equal(await read('site/logo.png', pointer(OID, 3)), undefined);
    assert.equal(await read('site/logo.png', pointer('cd'.repeat(32))), undefined);
    assert.equal(await read('site/logo.png', pointer('../../../../etc/passwd')), undefined);
    assert.equal(await read('elsewhere/logo.png'), undefined);
  });

  test('is asked for only where there is a pointer', () => {
    assert.equal(isLfsPointer(pointer()), true);
    assert.equal(isLfsPointer(PICTURE), false);
    assert.equal(isLfsPointer(new Uint8Array(2000)), false);
  });
});
