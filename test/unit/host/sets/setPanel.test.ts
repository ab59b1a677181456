import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { SetPanelParts } from '../../../../src/host/sets/setPanel.ts';
import type { FromSetMessage, ToSetMessage } from '../../../../src/setProtocol.ts';
import { EventEmitter, Uri, useVscodeStub } from '../../../fakes/vscode.ts';
import { fakeWebviewPanel } from '../../../fakes/webviewPanel.ts';

useVscodeStub();
const { SetPanel } = await import('../../../../src/host/sets/setPanel.ts');

test('the page of a set that is closed while it plans is told nothing more', async () => {
  const { panel, messages, ended, posted } = fakeWebviewPanel<FromSetMessage, ToSetMessage>();
  const plan = Promise.withResolvers<never>();
  const parts = {
    extension: Uri.file('/extension'),
    storage: Uri.file('/storage'),
    runs: { onDidChange: new EventEmitter<string>().event },
    sets: { plan: () => plan.promise },
    report: (error: unknown) => assert.fail(String(error)),
  };
  const page = new SetPanel(panel as never, parts as unknown as SetPanelParts);
  const planned = page.plan(
    { uris: [], task: 'detect', query: '', onlyNew: true },
    { name: 'pictures', model: 'gemini-3.8-flash', speed: 'standard' },
  );
  messages.fire({ type: 'ready' });
  const before = posted.length;
  assert.ok(before > 0);
  ended.fire();
  plan.reject(new InspectorError('unreadableImage', 'The file is not a readable image.'));
  await planned;
  await turn();
  assert.equal(posted.length, before);
});
