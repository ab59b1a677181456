import { formatBytes, formatFineUsd, formatNumber, formatRate } from '../base/format.ts';
import type { Size } from '../base/geometry.ts';
import { t } from '../base/l10n.ts';
import type { KnownPrice } from '../models/modelInfo.ts';
import { modelInfo, priceAt } from '../models/models.ts';
import { TABLE_DATE } from '../models/modelTable.ts';
import { costUsd } from './cost.ts';
import type { TokenBasis } from './estimate.ts';
import { otherModels, resolutionChoices, resolutionName } from './tokenChoices.ts';
import type { TokenSign } from './tokenLabel.ts';
import { billsWholePicture, type MediaResolution, type TokenEstimate } from './tokens.ts';

/** What is known about an image before it is sent. */
export interface TokenFacts {
  model: string;
  resolution: MediaResolution;
  estimate: TokenEstimate;
  /** In which it would be sent. */
  size: Size;
  /** As sent, such as PNG; undefined where it is converted. */
  type: string | undefined;
  /** As base64; undefined where it is not known before the work is done. */
  wireBytes: number | undefined;
  /** Bytes of a request, above which the image is uploaded first. */
  inlineLimit: number;
  /** The number that holds. */
  sign: TokenSign;
  tokens: number;
  /** Of the last task with this model and resolution, as billed. */
  billed: number | undefined;
}

/** A row of a table: what it is about, and what is so. Words of ours and figures only. */
export type FactRow = readonly [name: string, value: string];

/** The rows of the tooltip. */
export function tokenFactRows(facts: TokenFacts, basis: TokenBasis): FactRow[] {
  const { model, resolution, size, sign, tokens, billed } = facts;
  const count = (value: number) => formatNumber(value);
  // Default is the same as high wherever the resolution counts.
  const held = resolution === 'default' ? 'high' : resolution;
  const resolutions = resolutionChoices(size, model, basis).filter(({ value }) => value !== 'default' && value !== held);
  const others = otherModels(size, model, resolution, basis);
  const differ = new Set(resolutions.map((choice) => choice.tokens)).size > 1;
  return [
    [t('Image'), `${sign} ${count(tokens)} ${t('tok')}`],
    [t('Resolution'), describeResolution(facts, basis)],
    ...ruleRows(facts, basis),
    [t('Picture sent'), describePicture(facts)],
    ...priceRows(model, tokens, basis),
    ...(differ
      ? [
          [
            t('Other resolutions'),
            resolutions.map((one) => `${resolutionName(one.value).toLowerCase()} ${count(one.tokens ?? 0)}`).join(' · '),
          ] as const,
        ]
      : []),
    ...(others.length === 0
      ? []
      : [
          [
            t('Other models'),
            others.map(({ value, usd = 0 }) => `${value.replace(/^gemini-/, '')} ${formatFineUsd(usd)}`).join(' · '),
          ] as const,
        ]),
    ...(billed === undefined ? [] : [[t('Last run'), describeBilled(billed, facts.estimate.tokens)] as const]),
  ];
}

function describeResolution({ model, resolution }: TokenFacts, { date }: TokenBasis): string {
  const name = resolutionName(resolution).toLowerCase();
  const { tokenRule } = modelInfo(model, date);
  if (resolution === 'default' && tokenRule === 'budget') return t('{0} (as high)', name);
  if (resolution === 'ultraHigh' && tokenRule === 'flat258') return t('{0} (as high)', name);
  return name;
}

function ruleRows({ estimate, model, sign }: TokenFacts, { date, backend }: TokenBasis): FactRow[] {
  const { rule, documented, observed, calls = 0 } = estimate;
  const info = modelInfo(model, date);
  if (rule === 'calibrated') {
    return [
      [t('Rule'), t('calibrated on your last {0} calls', calls)],
      [t('Documented'), formatNumber(documented)],
      ...(observed === undefined ? [] : [[t('Observed'), formatNumber(observed)] as const]),
    ];
  }
  if (info.tokenRule === 'budget') return [[t('Rule'), describeGrid(estimate)]];
  const byDocument = describeTiles(estimate);
  if (observed === undefined || observed === documented) return [[t('Rule'), byDocument]];
  if (billsWholePicture(info, backend))
    return [
      [t('Documented rule'), byDocument],
      [t('On Vertex AI'), t('{0}: the tiles and the whole picture, as in the one bill seen', formatNumber(observed))],
    ];
  return [
    [t('Documented rule'), byDocument],
    [t('Observed'), info.tokenRule === 'flat258' ? t('{0} at any size', observed) : formatNumber(observed)],
    ...(sign === '≈' ? [[t('Why two'), t('The two disagree; Count Exactly settles it')] as const] : []),
  ];
}

function describeGrid({ documented, tiles }: TokenEstimate): string {
  return tiles === undefined
    ? formatNumber(documented)
    : t('Gemini 3 grid, {0} × {1} of {2}', tiles.columns, tiles.rows, formatNumber(documented));
}

function describeTiles({ documented, tiles }: TokenEstimate): string {
  if (tiles === undefined) return t('{0} at this resolution', documented);
  if (tiles.columns * tiles.rows === 1) return t('1 tile, {0}', documented);
  return t('{0} × {1} tiles of {2} px, {3} each', tiles.columns, tiles.rows, tiles.unit, documented / (tiles.columns * tiles.rows));
}

function describePicture({ size, type, wireBytes, inlineLimit }: TokenFacts): string {
  const pixels = `${size.width} × ${size.height}`;
  if (type === undefined || wireBytes === undefined) return t('{0}, converted first', pixels);
  return wireBytes > inlineLimit
    ? t('{0} {1}, {2} as base64: above the limit for one request', pixels, type, formatBytes(wireBytes))
    : t('{0} {1}, inline, {2} as base64', pixels, type, formatBytes(wireBytes));
}

function priceRows(model: string, tokens: number, { date, prices }: TokenBasis): FactRow[] {
  const price = priceAt(model, date, prices);
  if (price === undefined) return [[t('Input cost'), t('price unknown')]];
  const usd = formatFineUsd(costUsd(model, date, { prompt: tokens }, prices) ?? 0);
  return [[t('Input cost'), describePrice(usd, price)]];
}

function describePrice(usd: string, { input, source, old }: KnownPrice): string {
  if (source === 'user') return t('{0} at {1} per million (your price)', usd, formatRate(input));
  if (old) return t('{0} (price of {1}, may be old)', usd, TABLE_DATE);
  return t('{0} at {1} per million ({2})', usd, formatRate(input), TABLE_DATE);
}

function describeBilled(billed: number, estimated: number): string {
  const count = formatNumber(billed);
  return billed === estimated
    ? t('✓ {0} tok billed, as estimated', count)
    : t('✓ {0} tok billed, {1} estimated', count, formatNumber(estimated));
}
