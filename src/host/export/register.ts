import type * as vscode from 'vscode';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { toUri } from '../base/activeImage.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { lazy } from '../base/lazy.ts';
import { imagesOf } from '../editor/commandImages.ts';
import type { ImageResults } from '../editor/imageResults.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { Tasks } from '../session/tasks.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What taking results away takes. */
interface ExportServices {
  context: vscode.ExtensionContext;
  commands: CommandRegistry;
  requests: PageRequests;
  files: VscodeImageFiles;
  tasks: Tasks;
  keys: KeyStore;
  editors: InspectorEditors;
  results: ImageResults;
  memory: WorkspaceMemory;
}

/** Taking away: results as files, pictures of them, requests as programs. */
export function registerExport({ context, commands, requests, files, tasks, keys, editors, results, memory }: ExportServices): void {
  const exporter = lazy(async () => {
    const { Exporter } = await import('./exportCommand.ts');
    return new Exporter(tasks, results, memory, [context.extensionUri, context.globalStorageUri]);
  });
  const copier = lazy(async () => {
    const { RequestCopier } = await import('./copyAsCode.ts');
    return new RequestCopier(tasks, keys, editors);
  });
  commands.register('export', async (call) => {
    const { uris } = await imagesOf(files, call);
    if (uris.length === 0) return undefined;
    return call.fromCode ? (await exporter()).fromCode(uris, targetOf(call)) : (await exporter()).forUser(uris);
  });
  // Of an image on the web nothing is fetched.
  commands.register('copyAsCode', async (call) => {
    const { uri } = call.options;
    if (typeof uri === 'string' && /^https?:\/\//i.test(uri)) return (await copier()).copy([{ url: uri }], call);
    const { uris } = await imagesOf(files, call);
    return uris.length === 0
      ? undefined
      : (await copier()).copy(
          uris.map((file) => ({ file })),
          call,
        );
  });
  requests.on('export', async ({ uri }, { run }) => {
    await (await exporter()).forUser([uri], run);
  });
  requests.on('copyAsCode', async (session, { run: id }) => {
    const run = session.runOf(id);
    if (run !== undefined) await (await copier()).copyRun(run);
  });
  // The page waits for an answer, whatever it is.
  requests.answer('makePicture', async (session, { request, picture }) => {
    try {
      const { makePicture } = await import('./sessionPictures.ts');
      const threshold = (await exporter()).shownThreshold(session.uri);
      return { type: 'picture', request, png: new Uint8Array(await makePicture(tasks.worker, session, picture, threshold)) };
    } catch (error) {
      commands.report(error);
      return { type: 'picture', request };
    }
  });
  requests.on('pictureCopied', async (session, { picture }) =>
    (await import('../base/copied.ts')).confirmCopiedPicture(picture, (run) => session.runOf(run)),
  );
  requests.on('savePicture', async (session, { picture }) => {
    const { savePicture } = await import('./sessionPictures.ts');
    await savePicture(tasks.worker, session, picture, (await exporter()).shownThreshold(session.uri));
  });
}

function targetOf({ options: { format, target } }: CommandCall): { format?: string; target?: vscode.Uri } {
  return { ...(format === undefined ? {} : { format }), ...(target === undefined ? {} : { target: toUri(target) }) };
}
