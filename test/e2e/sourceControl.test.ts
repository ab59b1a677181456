import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { PNG } from 'pngjs';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { noisePng } from '../fixtures/images.ts';
import { useVsCode } from './harness.ts';

const ANSWER = 'The noise is another one.\n\n```json\n[{"image": 2, "box_2d": [0, 0, 500, 500], "label": "noise"}]\n```';

/** The picture with a black block on it. */
function withBlock(png: Uint8Array): Uint8Array {
  const picture = PNG.sync.read(Buffer.from(png));
  PNG.bitblt(new PNG({ width: 40, height: 30, fill: true }), picture, 0, 0, 40, 30, 200, 150);
  return PNG.sync.write(picture);
}

/** Why there is no Git here, if so. */
function whyNoGit(): string | false {
  try {
    execFileSync('git', ['--version']);
    return false;
  } catch {
    return 'git is not installed';
  }
}

suite('what changed since a commit', { skip: whyNoGit() }, () => {
  const top = mkdtempSync(join(tmpdir(), 'image-inspector-git-'));
  const folder = join(top, 'site');
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
    mkdirSync(folder);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.com', ...args], { cwd: folder });
    const write = (name: string, content: Uint8Array | string) => writeFileSync(join(folder, name), content);
    write('logo.png', noisePng(320, 240, 1));
    write('notes.md', 'words\n');
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'A logo');
    write('logo.png', withBlock(noisePng(320, 240, 1)));
    write('notes.md', 'other words\n');
  });
  after(async () => {
    await gemini.close();
    rmSync(top, { recursive: true, force: true });
  });
  const useCode = useVsCode(() => ({
    folder,
    folderName: 'site',
    settings: { 'git.enabled': true, 'imageInspector.baseUrl': gemini.url },
    env: { GEMINI_API_KEY: 'test-key' },
  }));
  /** By key: the number of changes lies over the icon. */
  const showSourceControl = () => useCode().pressUntil('Control+Shift+G', useCode().page.locator('.scm-editor').first());
  const inSourceControl = async (name: string) => {
    const row = useCode().page.locator('.scm-view .monaco-list-row').filter({ hasText: name });
    await row.click({ button: 'right' });
    await useCode().chooseInMenu('Compare Image with HEAD');
  };

  test('an image opens from Source Control with its committed version, without a request; another file is refused in words', async () => {
    const code = useCode();
    await showSourceControl();

    await inSourceControl('notes.md');
    await code.notifications('"notes.md" is not an image.').waitFor();
    await inSourceControl('logo.png');

    await code.inspector().getByTestId('changes').waitFor();
    await code
      .inspector()
      .getByText(/^logo\.png \(HEAD\) → logo\.png · ≈/)
      .waitFor();
    await code.inspector().getByTestId('changed-region').first().waitFor();
    await code.screenshot('compareWithHead');
    assert.deepEqual(gemini.requests, []);
  });

  test('it is the same comparison after a reload', async () => {
    const code = useCode();
    await code.pressUntil('Control+Shift+E', code.explorerRow('logo.png'));
    await code.stateIsKept();
    await code.reloadWindow();
    await code.inspector().getByTestId('changes').waitFor();
    await code.inspector().getByTestId('changed-region').first().waitFor();
    assert.deepEqual(gemini.requests, []);
  });

  test('its changes are described by their parts once that is agreed to, and the words go behind those of the commit message', async () => {
    const code = useCode();
    gemini.respondWith({ text: ANSWER });
    await showSourceControl();
    const box = code.page.locator('.scm-editor .view-lines').first();
    await box.click();
    await code.page.keyboard.type('New logo');
    await code.inspector().getByRole('button', { name: 'Describe Changes' }).click();
    await code.review().getByText('a part, not resized').first().waitFor();
    await code.answerReview('send');
    await code.inspector().getByRole('button', { name: 'Insert into Commit Message' }).click();
    await box.filter({ hasText: /New.logo.*The.noise.is.another.one\./s }).waitFor();
    await code.screenshot('commitMessage');
  });
});
