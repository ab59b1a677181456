import { t } from '../../core/base/l10n.ts';
import type { LabelStyle, LineStyle } from '../../core/drawing/palette.ts';
import type { Detection, Inspection } from '../../core/inspection/inspection.ts';
import type { Compared, ComparedObject, Kind, StyledObject } from './types.ts';

/** What is drawn of a comparison: of both runs, or of one. */
export interface Drawn {
  both: StyledObject[];
  a: StyledObject[];
  b: StyledObject[];
  compared: Compared;
}

export const KIND_COLOURS: Record<Kind, string> = {
  added: '#8CC22D',
  lost: '#DF5822',
  renamed: '#F7FE15',
  moved: '#69C1FC',
  same: '#FFFFFF',
  wrong: '#F7FE15',
  missed: '#DF5822',
  right: '#8CC22D',
};
const CONTRAST_LINES: Record<Kind, LineStyle> = {
  added: 'solid',
  lost: 'long',
  renamed: 'dashed',
  moved: 'dashDot',
  same: 'fine',
  wrong: 'dashed',
  missed: 'long',
  right: 'solid',
};
/** Never by colour alone: what is right is solid, what is not there is an outline with gaps. */
const LINES: Partial<Record<Kind, LineStyle>> = { lost: 'gapped', missed: 'gapped', wrong: 'dotted' };

function styleOf(kind: Kind, highContrast: boolean): LabelStyle {
  const line = highContrast ? CONTRAST_LINES[kind] : (LINES[kind] ?? 'solid');
  return { colour: KIND_COLOURS[kind], line, hollow: highContrast || kind === 'lost' || kind === 'missed' };
}

/** An object of a run in a comparison, by what became of it. `value`: of the pair that it is in, for people. */
export function styledObject(
  kind: Kind,
  run: Inspection,
  detection: Detection,
  { id, value, highContrast, ...more }: { id: string; value: string; highContrast: boolean } & Partial<ComparedObject>,
): StyledObject {
  return {
    detection: { ...detection, id },
    style: styleOf(kind, highContrast),
    compared: {
      run: run.id,
      id: detection.id,
      number: detection.id,
      value,
      screenReaderText: [kindWord(kind), more.was, value].filter(Boolean).join(', '),
      strength: kind === 'same' ? 0.45 : 1,
      tagged: kind !== 'same',
      ...more,
    },
  };
}

export function kindWord(kind: Kind): string {
  switch (kind) {
    case 'added':
      return t('Added');
    case 'lost':
      return t('Lost');
    case 'renamed':
      return t('Renamed');
    case 'moved':
      return t('Moved');
    case 'same':
      return t('Same');
    case 'wrong':
      return t('False');
    case 'missed':
      return t('Missed');
    case 'right':
      return t('True');
    default:
      return kind satisfies never;
  }
}
