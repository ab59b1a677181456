import type { RunningTask } from '../../core/inspection/runningTask.ts';
import type { SessionState } from '../../protocol.ts';

/** What a session says that it did not say before. */
export interface SessionChanges {
  /** Nothing was known before. */
  first: boolean;
  /** A run that was made several times has ended. */
  repeated: boolean;
  failure: boolean;
  /** The draft, if it is another. */
  draft: SessionState['draft'];
  /** Other pictures are looked at beside each other. */
  pair: boolean;
  /** It is to be shown against its labels, as it was not before. */
  scored: boolean;
  /** A review came, went or is another one. */
  review: boolean;
  /** The pictures of a review have come. */
  reviewPictures: boolean;
}

export function sessionChanges(before: SessionState | undefined, session: SessionState): SessionChanges {
  const { draft, failure, running, review } = session;
  return {
    first: before === undefined,
    repeated: before?.running?.repeat !== undefined && running === undefined,
    failure: failure !== undefined && before?.failure === undefined,
    draft: JSON.stringify(draft) === JSON.stringify(before?.draft) ? undefined : draft,
    pair: session.pair !== undefined && session.pair.id !== before?.pair?.id,
    scored: session.inSet?.scored !== undefined && session.inSet.scored.id !== before?.inSet?.scored?.id,
    review: review?.id !== before?.review?.id,
    reviewPictures: review?.pictures.length !== before?.review?.pictures.length,
  };
}

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
