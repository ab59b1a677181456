import * as vscode from 'vscode';
import type { InspectorError } from '../../core/base/failure.ts';
import { formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { costUsd } from '../../core/usage/cost.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { OutgoingRequest } from '../../engine/sending/outgoing.ts';

/** Asks whether a request that flex has shed goes out at standard speed. Resolves to true only when the user chose to. */
export async function askStandardInstead(
  { request, inputTokens }: OutgoingRequest,
  { message }: InspectorError,
  basis: TokenBasis,
): Promise<boolean> {
  const usd = costUsd(request.model, basis.date, { prompt: inputTokens }, basis.prices);
  const cost = usd === undefined ? t('price unknown') : t('about {0} and the answer', formatUsd(usd));
  const standard = t('Send at Standard Speed');
  const answer = await vscode.window.showWarningMessage(
    t('{0} Flex has no room for this now. At standard speed it costs the full price: {1}.', message, cost),
    standard,
  );
  return answer === standard;
}
