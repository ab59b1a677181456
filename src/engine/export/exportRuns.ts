import type * as vscode from 'vscode';
import { InspectorError, unreadable } from '../../core/base/failure.ts';
import type { ImageFacts } from '../../host/base/imageFacts.ts';
import type { Session, SessionStore } from '../../host/session/session.ts';
import type { ImageRuns } from './exportResults.ts';

/** The runs of an image: of its session where it is open in an inspector, which shows one of them, else as stored. Rejects if the image cannot be read. */
export async function runsOf(
  uri: vscode.Uri,
  session: Session | undefined,
  store: SessionStore,
  readFacts: (uri: vscode.Uri) => Promise<ImageFacts>,
): Promise<ImageRuns> {
  if (session?.facts?.sha256 !== undefined) {
    const { runs, shown } = session.state;
    return { uri, runs, ...(shown === undefined ? {} : { chosen: shown }) };
  }
  const { sha256, problem } = await readFacts(uri);
  if (sha256 !== undefined) return { uri, runs: await store.of(sha256) };
  const { reason, message, detail, actions } = problem ?? unreadable('');
  throw new InspectorError(reason, message, { detail, actions });
}
