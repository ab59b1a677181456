import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../tools/chromium.ts';
import { PROJECT, withoutGemini } from '../tools/project.ts';

suite('npm start', () => {
  let npm: ChildProcess;
  let printed = '';
  let browser: Browser;
  let page: Page;

  before(async () => {
    npm = spawn('npm', ['start', '--', '--browser'], {
      cwd: PROJECT,
      env: withoutGemini(),
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      npm.stdout?.on('data', (text: Buffer) => {
        printed += text;
        if (/^Ready$/m.test(printed)) resolve();
      });
      npm.once('exit', () => reject(new Error(`npm start ended:\n${printed}`)));
    });
    browser = await launchChromium();
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
  });

  after(async () => {
    await browser?.close();
    if (npm.pid !== undefined && npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid, 'SIGKILL');
  });

  test('says who answers when there is no key', () => {
    assert.match(printed, /stand-in on this computer/);
  });

  test('prints an address and a password that open the sample pictures', async () => {
    const [address] = /^http:\/\/127\.0\.0\.1:\d+\/\S*$/m.exec(printed) ?? assert.fail(printed);
    const [, password] = /^Password: (\S+)$/m.exec(printed) ?? assert.fail(printed);
    await page.goto(address);
    await page.locator('input[type=password]').fill(password ?? '');
    await page.keyboard.press('Enter');
    await page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: 'street.png' }).waitFor();
  });

  test('ends with Ctrl+C, and VS Code with it', async () => {
    const [address] = /^http:\/\/127\.0\.0\.1:\d+/m.exec(printed) ?? assert.fail(printed);
    const ended = once(npm, 'exit');
    process.kill(-(npm.pid ?? assert.fail()), 'SIGINT');
    await ended;
    await assert.rejects(fetch(address), /fetch failed/);
  });
});
