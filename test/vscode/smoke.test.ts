import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';

suite('the extension in VS Code', () => {
  const extension = extensions.getExtension('image-inspector.gemini-image-inspector');

  test('is found and starts', async () => {
    assert.ok(extension, 'VS Code does not know the extension');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  test('has a handler for every command it contributes', async () => {
    assert.ok(extension);
    const contributed = (extension.packageJSON.contributes.commands as { command: string }[]).map(({ command }) => command);
    const registered = new Set(await commands.getCommands(true));
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});
