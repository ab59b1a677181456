import * as vscode from 'vscode';
import { modelInfo, priceAt } from '../core/models.ts';
import { TABLE_DATE } from '../core/modelTable.ts';
import { READY_TASKS } from '../core/prompts.ts';
import { sentSize } from '../core/sentSize.ts';
import { nextSmallerSize } from '../core/smallerSize.ts';
import { estimateImageTokens } from '../core/tokens.ts';
import type { CostBasis, SessionState } from '../protocol.ts';
import type { KeyStore } from './keyStore.ts';
import type { Session } from './session.ts';
import { readSettings } from './settings.ts';

/** The part of the page's state that comes from settings, key and model table. */
export async function surroundings(
  session: Session,
  keys: KeyStore,
): Promise<Pick<SessionState, 'tasks' | 'model' | 'cost' | 'hasKey' | 'maskThreshold' | 'translations'>> {
  const settings = readSettings(session.uri);
  const cost = costBasis(session, settings);
  return {
    tasks: [...READY_TASKS],
    model: settings.model,
    hasKey: (await keys.get()) !== undefined,
    maskThreshold: settings.maskThreshold,
    ...(cost === undefined ? {} : { cost }),
    ...(vscode.l10n.bundle === undefined ? {} : { translations: vscode.l10n.bundle }),
  };
}

function costBasis(session: Session, settings: ReturnType<typeof readSettings>): CostBasis | undefined {
  const header = session.facts?.header;
  if (header === undefined) return undefined;
  const sent = sentSize(header, settings);
  const model = modelInfo(settings.model);
  const { tokens, tiles } = estimateImageTokens(sent, model, settings.mediaResolution);
  const smaller = nextSmallerSize(sent, model, settings.mediaResolution);
  const price = priceAt(settings.model, new Date());
  return {
    imageTokens: tokens,
    ...(price === undefined ? {} : { inputPrice: price.input, priceDate: TABLE_DATE.slice(0, 7) }),
    // The page draws over the picture as it is, not as it is sent.
    ...(tiles === undefined ? {} : { tiles: { ...tiles, unit: (tiles.unit * header.upright.width) / sent.width } }),
    ...(smaller === undefined ? {} : { smaller }),
  };
}
