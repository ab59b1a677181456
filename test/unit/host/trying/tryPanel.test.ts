import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import type { TrialSession } from '../../../../src/host/trying/trialSession.ts';
import type { TryPanelParts } from '../../../../src/host/trying/tryPanel.ts';
import type { FromTryMessage, ToTryMessage } from '../../../../src/tryProtocol.ts';
import { EventEmitter, env, Uri, useVscodeStub, window, workspace } from '../../../fakes/vscode.ts';
import { type FakeWebviewPanel, fakeWebviewPanel } from '../../../fakes/webviewPanel.ts';

useVscodeStub();
const { TryPanel } = await import('../../../../src/host/trying/tryPanel.ts');

workspace.getConfiguration = () => ({ get: () => undefined, inspect: () => undefined });
Object.assign(workspace, { onDidChangeConfiguration: new EventEmitter<unknown>().event });

suite('the page of Try Models', () => {
  let page: FakeWebviewPanel<FromTryMessage, ToTryMessage>;
  let reported: unknown[];
  let run: PromiseWithResolvers<void>;
  beforeEach(() => {
    [page, reported, run] = [fakeWebviewPanel(), [], Promise.withResolvers()];
    Object.assign(window, { createWebviewPanel: () => page.panel });
    const session = {
      images: [],
      forecast: () => ({ requests: 0, imageTokens: 0, costUsd: [0, 0], unpriced: [] }),
      progress: () => ({}),
      run: () => run.promise,
      cancel: () => run.reject(new InspectorError('cancelled', 'Cancelled.')),
    };
    const parts = {
      extension: Uri.file('/extension'),
      report: (error: unknown) => reported.push(error),
      tasks: {
        sender: { listModels: async () => [] },
        rules: { tokenBasis: () => ({ calibration: {}, prices: {}, date: new Date('2026-11-28') }) },
      },
    };
    const choice = { task: 'detect', models: [], resolutions: [], queries: [] } as const;
    new TryPanel(parts as unknown as TryPanelParts, session as unknown as TrialSession, choice);
  });

  test('that is closed while it runs says nothing more', async () => {
    page.messages.fire({ type: 'run' });
    await turn();
    const before = page.posted.length;
    page.ended.fire();
    await turn();
    assert.deepEqual([reported, page.posted.length > 0, page.posted.length - before], [[], true, 0]);
  });

  test('opens the page on which an API is enabled', async () => {
    const opened: string[] = [];
    Object.assign(env, { openExternal: async (uri: Uri) => opened.push(uri.toString()) });
    page.messages.fire({ type: 'run' });
    const actions = ['enableApi'] as const;
    run.reject(new InspectorError('invalidApiKey', 'The API is not enabled.', { actions, enableUrl: 'https://console.example/enable' }));
    await turn();
    const last = page.posted.at(-1);
    assert.deepEqual(last?.view.failure?.actions, actions);
    page.messages.fire({ type: 'act', action: 'enableApi' });
    await turn();
    assert.deepEqual([opened, reported], [['https://console.example/enable'], []]);
  });
});
