import { t } from '../../core/base/l10n.ts';
import { isCheck } from '../../core/request/decision.ts';
import type { SessionState } from '../../protocol.ts';
import { type Wait, waitOf } from '../result/sessionChanges.ts';
import { outcome } from '../result/statusText.ts';
import type { ShownResult } from '../result/types.ts';
import { labelCount, objectCount } from '../text/counts.ts';
import { describeTask } from '../text/describeTask.ts';
import { formatCount } from '../text/format.ts';

const QUIET = 2000;

/** Says things to screen readers through a polite live region: the latest text, at most once in two seconds. */
export class Announcer {
  readonly #region: HTMLElement;
  #next: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #followed = '';

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  /** Says the state of things when it has become another; the empty string is nothing to say. */
  follow(text: string): void {
    if (text === '' || text === this.#followed) return;
    this.#followed = text;
    this.say(text);
  }

  say(text: string): void {
    this.#next = text;
    if (this.#timer === undefined) this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#next === undefined) return;
    this.#region.textContent = this.#next;
    this.#next = undefined;
    this.#timer = setTimeout(() => this.#flush(), QUIET);
  }
}

/** What a screen reader should say about the state of the session; the empty string for nothing. Failures are alerts of their own. */
export function announcement(session: SessionState, shown: ShownResult): string {
  const { running, run, compared } = shown;
  // Said when it begins.
  if (compared) return '';
  const wait = running && waitOf(running);
  if (wait) return describeWait(wait);
  if (running) return running.detections.length === 0 ? describeTask(running.task).doing : describeFound(running.detections.length);
  if (session.failure) return '';
  if (session.note) return session.note;
  if (!run) return '';
  if (run.text) return t('Done. {0}', run.text);
  if (run.labels?.length) return t('Done. {0}', run.labels.map(({ label }) => label).join(', '));
  const how = outcome(shown);
  if (how?.kind === 'problem')
    return run.dropped.length > 0 && !isCheck(run) ? t('{0}, {1} dropped.', how.text, run.dropped.length) : `${how.text}. ${how.detail}`;
  if (how?.kind !== 'fine') return how?.text ?? '';
  return t('Done. {0}, {1}.', objectCount(run.detections?.length ?? 0), labelCount(run.detections ?? []));
}

function describeFound(count: number): string {
  return t('{0} found so far', formatCount(count));
}

/** The same for the whole wait: its seconds are not counted aloud. */
function describeWait({ failure, from, until, attempt, attempts }: Wait): string {
  const wait = t('Trying again in {0} s.', Math.round((until - from) / 1000));
  return `${failure.message} ${wait} ${t('Attempt {0} of {1}.', attempt, attempts)}`;
}
