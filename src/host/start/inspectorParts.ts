import * as vscode from 'vscode';
import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { lazy } from '../base/lazy.ts';
import { EditorState } from '../editor/editorState.ts';
import type { InspectorParts } from '../editor/inspectorEditor.ts';
import { InspectorPanel } from '../editor/inspectorPanel.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { Sample } from '../editor/sample.ts';
import { Pictures } from '../pictures/pictures.ts';
import { SessionImages } from '../pictures/sessionImages.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import { Session, type SessionStore } from '../session/session.ts';
import type { VscodeTaskRules } from '../session/taskRules.ts';
import type { Tasks } from '../session/tasks.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';
import type { UsageTracker } from '../status/usageTracker.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What inspectors take. */
interface InspectorServices {
  context: vscode.ExtensionContext;
  /** The folder of what this workspace keeps. */
  storage: vscode.Uri;
  keys: KeyStore;
  memory: WorkspaceMemory;
  store: InspectionStore;
  files: VscodeImageFiles;
  usage: UsageTracker;
  rules: VscodeTaskRules;
  worker: Imaging;
  tasks: Tasks;
  requests: PageRequests;
  sample: Sample;
  report: (error: unknown) => void;
}

/** Makes what all inspectors share, with the first of them. */
export function createInspectorParts(services: InspectorServices): InspectorParts {
  const { context, storage, keys, memory, store, files, usage, rules, worker, tasks, requests, sample, report } = services;
  const pictures = new Pictures(vscode.Uri.joinPath(storage, 'pictures'), worker);
  const reviews = lazy(async () => {
    const { PictureReviews } = await import('../session/pictureReviews.ts');
    return new PictureReviews(tasks, pictures, keys, usage);
  });
  const state = new EditorState(rules, keys, sample, memory);
  context.subscriptions.push(
    state,
    keys.onDidChange(state.refresh),
    rules.sendOptions.onDidChange(state.refresh),
    usage.onDidChange(state.refresh),
    // A window that is reloaded closes no tabs.
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const { input } of closed) if (input instanceof vscode.TabInputCustom) void memory.rememberPair(input.uri.toString(), undefined);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('imageInspector') && state.refresh()),
  );
  const results = withSets(store, vscode.Uri.joinPath(context.globalStorageUri, 'sets').fsPath);
  const page = { folders: { extension: context.extensionUri, pictures: pictures.folder }, state, requests, report };
  return {
    createSession: (uri) => {
      // Old images of the web are taken away by then.
      void files.web();
      const session = new Session(new SessionImages(uri, files, pictures), sample.storeFor(uri, results), tasks, reviews);
      followPair(session, memory);
      return session;
    },
    createPanel: (webview, session) => new InspectorPanel(webview, session, page),
  };
}

/** A comparison of two images is there again after a reload, as long as it is shown. */
function followPair(session: Session, memory: WorkspaceMemory): void {
  const own = session.uri.toString();
  const newer = memory.newerOf(own);
  if (newer !== undefined) session.compareWith(vscode.Uri.parse(newer));
  session.onDidChange(() => void memory.rememberPair(own, session.state.pair?.newer));
}

/** What is stored of an image, and what sets have found in it. */
function withSets(store: InspectionStore, folder: string): SessionStore {
  return {
    of: async (sha256) => {
      const { resultsInSets } = await import('../../engine/sets/storage/resultsInSets.ts');
      const all = [...(await resultsInSets(folder, sha256)), ...(await store.of(sha256))];
      // A correction that was saved in the inspector stands in both.
      const known = new Map(all.map((inspection) => [inspection.id, inspection]));
      return [...known.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    },
    delete: (inspection) => store.delete(inspection),
    onDidAdd: store.onDidAdd,
    onDidClear: store.onDidClear,
  };
}
