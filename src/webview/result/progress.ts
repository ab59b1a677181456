import type { RunningTask, SessionState } from '../../protocol.ts';

export type Wait = NonNullable<RunningTask['retry']>;

/** What a task waits for, if it waits for its next attempt. */
export function waitOf({ phase, retry }: RunningTask): Wait | undefined {
  return phase === 'retrying' ? retry : undefined;
}

/** The session with the news of its running task: objects in a progress message are those that have arrived since the last message. */
export function withProgress(session: SessionState, news: RunningTask): SessionState {
  const { running } = session;
  // Another attempt begins with nothing.
  const known = running?.startedAt === news.startedAt && !waitOf(news) ? running.detections : [];
  return { ...session, running: { ...news, detections: [...known, ...news.detections] } };
}
