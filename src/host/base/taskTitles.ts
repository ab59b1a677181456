import { t } from '../../core/base/l10n.ts';
import type { Task } from '../../core/inspection/inspection.ts';

/** The title of a task, as in the menus. */
export function taskTitle(task: Task): string {
  const titles: Readonly<Record<Task, string>> = {
    caption: t('Describe Image'),
    readText: t('Read Text'),
    ask: t('Ask About Image…'),
    classify: t('Classify Image…'),
    detect: t('Detect Objects'),
    segment: t('Segment Objects'),
    compare: t('Compare Images'),
  };
  return titles[task];
}
