import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startWebServer, type WebServer } from '../fakes/webServer.ts';
import { png } from '../fixtures/images.ts';

suite('an image from a URL, called from code', () => {
  let server: WebServer;

  const reasonOf = (options: object) =>
    vscode.commands.executeCommand('imageInspector.inspectUrl', options).then(
      () => assert.fail('it did not fail'),
      (error: { reason?: string }) => error.reason,
    );

  suiteSetup(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    server = await startWebServer();
    server.answers.set('/cat.png', (response) => response.end(png()));
  });

  suiteTeardown(() => server.close());

  test('leads to public addresses only, by whatever name', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '2130706433'])
      assert.equal(await reasonOf({ url: `http://${host}:${server.port}/cat.png`, reveal: true }), 'network', host);
    assert.deepEqual(server.requests, []);
    assert.equal(vscode.window.tabGroups.activeTabGroup.tabs.length, 0);
  });

  test('takes web addresses without credentials only', async () => {
    for (const url of ['file:///etc/hosts', 'data:image/png;base64,AAAA', 'https://user:word@example.com/cat.png', 'cat.png', ''])
      assert.equal(await reasonOf({ url }), 'network', url);
    assert.equal(await reasonOf({}), 'noImage');
  });
});
