import { formatNumber, formatUsd } from '../../core/base/format.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import type { Box, Task, TokenUse } from '../../core/inspection/inspection.ts';
import type { Speed } from '../../core/models/speed.ts';
import { estimateImage, type ImageSending } from '../../core/request/estimateImage.ts';
import type { CostBasis } from '../../core/usage/costBasis.ts';
import { estimateTextTokens } from '../../core/usage/tokens.ts';

/** A whole number with thousands separators. */
export function formatCount(value: number): string {
  return formatNumber(Math.round(value));
}

/** A ratio from 0 to 1 as measures are told, such as "0.783". */
export function formatRatio(value: number): string {
  return formatNumber(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/** A share of one, such as "78 %"; under ten percent with one decimal. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return t('{0} %', percent.toFixed(percent > 0 && percent < 10 ? 1 : 0));
}

/** A range of dollars, such as "$1.20 to $2.40". */
export function usdRange([least, most]: readonly [number, number]): string {
  const [from, to] = [formatUsd(least), formatUsd(most)];
  return from === to ? from : t('{0} to {1}', from, to);
}

/** Tokens, and their price where it is known. */
export function tokensAndPrice(tokens: number, dollars: number | undefined, isGuess = false): string {
  const count = t('{0} tok', formatCount(tokens));
  return dollars === undefined ? count : `${count} · ${isGuess ? '≈ ' : ''}${formatUsd(dollars)}`;
}

/** How long a request took, such as "4.2 s" or "85 s". */
export function formatSeconds(seconds: number): string {
  const digits = seconds < 9.95 ? 1 : 0;
  return t('{0} s', formatNumber(seconds, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}

/** What a run cost: as billed (✓), or only the image as estimated (≈) where the API has not said. With the tier that answered, unless it is the usual one and was asked for. */
export function runCost(tokens: TokenUse, speed?: Speed, asked = speed, isBrokenOff = false): { text: string; title: string } {
  const tier = speed === undefined || (speed === 'standard' && speed === asked) ? '' : ` · ${speed}`;
  const tierTitle = [
    speed !== undefined && t('Speed {0}', speed),
    speed !== asked && asked !== undefined && t('asked for {0}', asked),
    speed === 'priority' && t('what priority costs is not published here: counted as double'),
  ];
  if (tokens.total === undefined)
    return {
      text: `≈ ${tokensAndPrice(tokens.image ?? tokens.estimated, tokens.costUsd)}${tier}${isBrokenOff ? ` · ${t('bill unknown')}` : ''}`,
      title: titleOf([
        isBrokenOff ? t('Estimated: the answer broke off before Gemini said what it costs') : t('Estimated'),
        ...(tier === '' ? [] : tierTitle),
      ]),
    };
  const parts = [
    tokens.image !== undefined && describeImageTokens(tokens.image, tokens.estimated),
    tokens.prompt !== undefined && describeInput(tokens.prompt, tokens.cached),
    tokens.toolUse !== undefined && t('Tools {0}', formatCount(tokens.toolUse)),
    tokens.output !== undefined && t('Output {0}', formatCount(tokens.output)),
    tokens.thoughts !== undefined && t('Thoughts {0}', formatCount(tokens.thoughts)),
    ...tierTitle,
  ];
  return { text: `✓ ${tokensAndPrice(tokens.total, tokens.costUsd, speed === 'priority')}${tier}`, title: titleOf(parts) };
}

function titleOf(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' · ');
}

function describeInput(prompt: number, cached = 0): string {
  return cached === 0 ? t('Input {0}', formatCount(prompt)) : t('Input {0} ({1} cached)', formatCount(prompt), formatCount(cached));
}

function describeImageTokens(billed: number, estimated: number): string {
  return billed === estimated
    ? t('Image {0}', formatCount(billed))
    : t('Image {0} ({1} estimated)', formatCount(billed), formatCount(estimated));
}

/** Image tokens of the first image, or of a part of it (fractions). */
export function imageTokensOf({ imageTokens, rule }: CostBasis, { region, image, model, sendAt = 0 }: SentPart): number {
  if (!region || !rule || !image) return imageTokens;
  return tokensByRule(rule, { mimeType: rule.mimeType, upright: image }, { model, maxDimension: sendAt, region });
}

/** Image tokens by what the host said of the rule. */
export function tokensByRule(
  { mediaResolution, date, ...learnt }: NonNullable<CostBasis['rule']>,
  image: Parameters<typeof estimateImage>[0],
  sending: Omit<ImageSending, 'mediaResolution'>,
): number {
  return estimateImage(image, { ...sending, mediaResolution }, { ...learnt, date: new Date(date) }).estimate.tokens;
}

/** What of an image is sent, and to whom. */
export interface SentPart {
  region: Box | undefined;
  image: Size | undefined;
  model: string;
  sendAt?: number | undefined;
}

/** Output tokens of the places of what an answer names: some eight things of about 30 tokens. */
export const PLACES_TOKENS = 240;

/**
 * What running the prompt would cost, estimated; undefined while nothing is known about the image.
 * @param words all that is sent besides the task's own
 * @param others addresses of further images that go along
 * @param pointInAnswers whether an answer in words comes with the places of what it names
 */
export function promptCost(
  cost: CostBasis | undefined,
  task: Task,
  words: string,
  others: readonly string[] = [],
  pointInAnswers = false,
): { text: string; title: string } | undefined {
  if (!cost) return undefined;
  const prompt = (cost.instructionTokens[task] ?? 0) + estimateTextTokens(words);
  const images = others.reduce((sum, uri) => sum + (cost.otherImageTokens?.[uri] ?? 0), cost.imageTokens);
  const tokens = images + prompt;
  const dollars = cost.inputPrice === undefined ? undefined : (tokens * cost.inputPrice) / 1e6;
  const sum = t('Image {0} + prompt about {1}.', formatCount(images), formatCount(prompt));
  const places = pointInAnswers && (task === 'caption' || task === 'ask') ? PLACES_TOKENS : 0;
  const output = places > 0 && t('Places in the answer: about {0} more output tokens.', formatCount(places));
  return {
    text: `≈ ${tokensAndPrice(tokens, dollars)}`,
    title: [sum, output, dollars !== undefined && describePrices(cost)].filter(Boolean).join(' '),
  };
}

function describePrices({ priceDate, priceOld = false }: CostBasis): string {
  if (priceDate === undefined) return t('Your own price.');
  return priceOld ? t('Price of {0}, may be old.', priceDate) : t('Price of {0}.', priceDate);
}
