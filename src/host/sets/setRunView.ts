import type { OpenSet } from '../../engine/sets/openSet.ts';
import type { SetRunView } from '../../setProtocol.ts';

/** How a set stands, for its page. `isElsewhere`: another window has it; `isStarting`: the user has just had it go on. */
export function setRunView(set: OpenSet, isElsewhere: boolean, isStarting = false): SetRunView {
  const { perMinute, remaining, costUsd, expectedUsd } = set.progress();
  const state = isStarting ? 'running' : stateOf(set, isElsewhere);
  return {
    state,
    counts: set.counts(),
    ...(perMinute === undefined ? {} : { perMinute }),
    ...(remaining === undefined ? {} : { secondsLeft: remaining / 1000 }),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(expectedUsd === undefined ? {} : { forecastUsd: expectedUsd }),
    ...(state === 'overdue' ? { overdue: { why: set.phase.message ?? '', ...set.left() } } : {}),
  };
}

function stateOf(set: OpenSet, isElsewhere: boolean): SetRunView['state'] {
  const { phase } = set.phase;
  if (phase === 'ended') return 'ended';
  if (set.isRunning) return 'running';
  if (isElsewhere) return 'elsewhere';
  return phase === 'stalled' ? 'overdue' : 'stopped';
}
