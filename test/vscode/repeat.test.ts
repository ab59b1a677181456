import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { InspectorError } from '../../src/core/base/failure.ts';
import type { Inspection } from '../../src/core/inspection/inspection.ts';
import type { RunningTask } from '../../src/core/inspection/runningTask.ts';
import type { Job } from '../../src/engine/sending/job.ts';
import type { TaskCall } from '../../src/engine/task/taskCall.ts';
import { SessionImages } from '../../src/host/pictures/sessionImages.ts';
import type { ShownPictures } from '../../src/host/pictures/sessionPicture.ts';
import { repeatForUser } from '../../src/host/session/repeatRun.ts';
import { Session, type SessionTasks } from '../../src/host/session/session.ts';

const IMAGE = vscode.Uri.file('/pictures/cat.png');
const REGION = { x: 0, y: 0, width: 0.5, height: 0.5 };

const FIRST = {
  id: 'first',
  task: 'detect',
  prompt: 'cats',
  model: 'gemini-3.8-flash',
  images: [{ uri: IMAGE.toString(), sha256: '00', sent: { region: REGION } }],
  detections: [],
  tokens: { estimated: 1000, total: 1200, costUsd: 0.001 },
} as unknown as Inspection;

suite('a run that is repeated', () => {
  const window = vscode.window as unknown as Record<string, unknown>;
  const { showQuickPick } = vscode.window;
  let offered: vscode.QuickPickItem[];
  let calls: { call: TaskCall; job: Job }[];
  let run: SessionTasks['run'];
  let session: Session;

  setup(async () => {
    calls = [];
    const added = new vscode.EventEmitter<Inspection>();
    const none = new vscode.EventEmitter<void>();
    run = async () => ({ ...FIRST, id: `again ${calls.length}` });
    const tasks: SessionTasks = {
      run: async (call, job, onProgress) => {
        calls.push({ call, job });
        onProgress({ task: 'detect', prompt: 'cats', images: [IMAGE.toString()], detections: [] } as unknown as RunningTask);
        const inspection = await run(call, job, onProgress);
        added.fire(inspection);
        return inspection;
      },
      modelFor: () => 'gemini-3.8-flash',
      askForKey: async () => false,
      sendOptions: { change: () => undefined },
    };
    const files = { open: async () => Promise.reject(new Error('not read')), fileOf: (address: string) => address };
    const pictures = { forget: async () => undefined } as Partial<ShownPictures> as ShownPictures;
    const store = { of: async () => [], delete: async () => undefined, onDidAdd: added.event, onDidClear: none.event };
    session = new Session(new SessionImages(IMAGE, files, pictures), store, tasks, async () => Promise.reject(new Error('not shown')));
    added.fire(FIRST);
  });

  teardown(() => {
    session.dispose();
    Object.assign(window, { showQuickPick });
  });

  const choose = (label: string | undefined) => {
    window.showQuickPick = async (items: vscode.QuickPickItem[]) => {
      offered = items;
      return items.find((item) => item.label === label);
    };
  };
  const ids = () => session.state.runs.map(({ id }) => id);

  test('so many requests like the first, in one job, each kept; what they would cost is told before', async () => {
    choose('3 more times');
    await repeatForUser(session, 'first', 2);
    assert.deepEqual([offered.length, offered[0]?.label, offered.at(-1)?.label], [9, '2 more times', '10 more times']);
    assert.equal(offered[1]?.description, 'about 3,600 tokens, $0.0030');
    assert.deepEqual(
      calls.map(({ call: { task, query, options } }) => [task, query, options]),
      Array.from({ length: 3 }, () => ['detect', 'cats', { region: REGION, model: 'gemini-3.8-flash' }]),
    );
    assert.equal(new Set(calls.map(({ job }) => job)).size, 1);
    assert.equal(calls[0]?.job.times, 3);
    assert.equal(ids().length, 4);
    assert.deepEqual([session.state.running, session.state.failure, session.state.note], [undefined, undefined, undefined]);
  });

  test('nothing is sent when the list is closed', async () => {
    choose(undefined);
    await repeatForUser(session, 'first', 2);
    assert.deepEqual([calls, ids()], [[], ['first']]);
  });

  test('a cancel keeps what has come', async () => {
    choose('4 more times');
    run = async (_call, job) => {
      if (calls.length === 2) session.cancel();
      job.throwIfCancelled();
      return { ...FIRST, id: `again ${calls.length}` };
    };
    await repeatForUser(session, 'first', 1);
    assert.deepEqual(ids(), ['first', 'again 1']);
    assert.equal(session.state.note, 'Cancelled. 1 of 4 runs kept.');
    assert.equal(calls.length, 2);
  });

  test('a failure is shown, and what came before it is kept', async () => {
    choose('3 more times');
    run = async () => {
      if (calls.length === 2) throw new InspectorError('quotaExhausted', 'used up');
      return { ...FIRST, id: `again ${calls.length}` };
    };
    await repeatForUser(session, 'first', 1);
    assert.deepEqual(ids(), ['first', 'again 1']);
    assert.equal(session.state.failure?.message, 'used up');
    assert.equal(calls.length, 2);
  });
});
