import { t } from '../../../core/base/l10n.ts';
import type { Detection } from '../../../core/inspection/inspection.ts';
import type { ObjectAction } from '../../../protocol.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { boxOfReply, formatFractionBox, formatPixelBox, shownLabel } from '../../text/objectText.ts';
import { cover } from '../../viewer/region.ts';
import type { MenuItem } from '../../widgets/popMenu.ts';

/** Does what a menu or a key asks for an object. */
export function objectAction(page: PageContext, action: ObjectAction, id: string): void {
  const { shown, dispatch } = page;
  const object = shown.objects.find((candidate) => candidate.detection.id === id);
  if (!object) return;
  const { detection, compared } = object;
  const origin = compared ?? { run: (shown.grounding ?? shown.run)?.id, id };
  const copy = (text: string) => page.post({ type: 'act', action: 'copyText', text });
  const idsWhere = (wanted: (other: Detection) => boolean) =>
    shown.objects.flatMap((object) => (wanted(object.detection) && !page.hidden.ids.has(object.detection.id) ? object.detection.id : []));
  switch (action) {
    case 'zoom':
      page.zoomTo(id);
      break;
    case 'ask':
      page.ask(t('About object {0}, {1}, at {2}: ', origin.id, shownLabel(detection.label), boxOfReply(detection)));
      break;
    case 'segment':
      page.run('segment', detection.label);
      break;
    case 'useRegion':
      if (!detection.point && shown.images.length === 1) dispatch({ type: 'region', region: detection.box, placing: false });
      break;
    case 'cover':
      if (!detection.point && shown.images.length === 1) cover(page, detection.box);
      break;
    case 'copyLabel':
      copy(detection.label);
      break;
    case 'copyBoxPixels':
      copy(formatPixelBox(detection));
      break;
    case 'copyBoxFractions':
      copy(formatFractionBox(detection));
      break;
    case 'copyBoxThousandths':
      copy(boxOfReply(detection));
      break;
    case 'copyCrop':
    case 'copyCutOut':
      if (origin.run !== undefined)
        page.copyPicture({ kind: action === 'copyCrop' ? 'crop' : 'cutOut', run: origin.run, detection: origin.id });
      break;
    case 'sendToChat':
      if (origin.run !== undefined && !detection.point)
        page.post({ type: 'sendToChat', picture: { kind: 'crop', run: origin.run, detection: origin.id } });
      break;
    case 'hide':
      dispatch({ type: 'hide', ids: [id] });
      break;
    case 'hideLabel':
      dispatch({ type: 'hide', ids: idsWhere(({ label }) => label === detection.label) });
      break;
    case 'showOnly':
      dispatch({ type: 'hide', ids: idsWhere((other) => other !== detection) });
      break;
    case 'showInRaw':
      if (origin.run === shown.run?.id && !compared) dispatch({ type: 'showInRaw', place: Number(id) - 1 });
      else page.post({ type: 'show', run: origin.run });
      break;
    default:
      action satisfies never;
  }
}

/** What can be asked for an object, and by which words a menu offers it. */
export function objectMenu({ session, shown, masks }: PageContext, { id, label, point }: Detection): (MenuItem & { id: ObjectAction })[] {
  const items: (false | (MenuItem & { id: ObjectAction }))[] = [
    { id: 'zoom', text: t('Zoom to Object'), detail: t('Enter') },
    session.tasks.includes('ask') && { id: 'ask', text: t('Ask About This Object'), detail: t('Shift+Enter') },
    session.tasks.includes('segment') && label !== '' && { id: 'segment', text: t('Segment This Object') },
    !point && shown.images.length === 1 && { id: 'useRegion', text: t('Use as Region') },
    !point && shown.images.length === 1 && { id: 'cover', text: t('Cover This Object') },
    label !== '' && { id: 'copyLabel', text: t('Copy Label') },
    !point && { id: 'copyBoxPixels', text: t('Copy Box: Pixels') },
    !point && { id: 'copyBoxFractions', text: t('Copy Box: Fractions') },
    { id: 'copyBoxThousandths', text: t('Copy Box: 0 to 1000') },
    shown.run !== undefined && !point && { id: 'copyCrop', text: t('Copy Crop') },
    shown.run !== undefined && masks.coverageOf(id) !== undefined && { id: 'copyCutOut', text: t('Copy Cut-out') },
    shown.run !== undefined && !point && { id: 'sendToChat', text: t('Send to Chat') },
    { id: 'hide', text: t('Hide'), detail: t('Delete') },
    { id: 'hideLabel', text: t('Hide All "{0}"', shownLabel(label)) },
    { id: 'showOnly', text: t('Show Only This') },
    shown.run !== undefined && { id: 'showInRaw', text: t('Show in Raw Reply') },
  ];
  return items.filter((item) => item !== false);
}
