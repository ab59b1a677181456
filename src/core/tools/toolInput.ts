import { InspectorError } from '../base/failure.ts';
import { sanitizeForUi } from '../base/sanitizeForUi.ts';
import { isRecord } from '../base/shape.ts';
import type { Box } from '../inspection/inspection.ts';
import { type ToolName, toolSpec } from './toolSpecs.ts';

/** Tokens that a picture costs the agent at most where it does not say. */
const USUAL_TOKENS = 1600;

/** What a tool was asked, checked. */
export interface ToolInput {
  paths: readonly [string, ...string[]];
  query: string;
  /** Pixels of the upright image. */
  region?: Box;
  maxTokens: number;
}

/** Reads what an agent gives to a tool, as strictly as its schema says. Throws an InspectorError whose message tells the agent what is wrong. */
export function readToolInput(name: ToolName, given: unknown): ToolInput {
  const { input } = toolSpec(name);
  const known = Object.keys(input.properties as object);
  if (!isRecord(given)) throw misused(`The input must be an object with: ${known.join(', ')}.`);
  const strange = Object.keys(given).find((key) => !known.includes(key));
  if (strange !== undefined) throw misused(`There is no input "${sanitizeForUi(strange, 40)}". There are: ${known.join(', ')}.`);
  for (const key of input.required as readonly string[]) if (given[key] === undefined) throw misused(`The input "${key}" is missing.`);
  const paths = [given.path, ...(Array.isArray(given.paths) ? given.paths : [given.paths])].filter((path) => path !== undefined);
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string' && path !== '' && !path.includes('\0')))
    throw misused('A path must be text.');
  const most = (known.includes('paths') && (input.properties as { paths: { maxItems: number } }).paths.maxItems) || 1;
  if (paths.length > most) throw misused(`At most ${most} paths can be given.`);
  if (name === 'compare' && paths.length < 2) throw misused('Select two or more images to compare.');
  const { query = '', region, maxTokens = USUAL_TOKENS } = given;
  if (typeof query !== 'string' || query.length > 4000) throw misused('The query must be text of at most 4,000 characters.');
  if (name === 'ask' && query.trim() === '') throw misused('Enter a question.');
  if (typeof maxTokens !== 'number' || !(maxTokens >= 64 && maxTokens <= 16_000))
    throw misused('maxTokens must be a number from 64 to 16,000.');
  return {
    paths: paths as [string, ...string[]],
    query,
    ...(region === undefined ? {} : { region: readRegion(region) }),
    maxTokens: Math.floor(maxTokens),
  };
}

function readRegion(region: unknown): Box {
  const { x, y, width, height } = isRecord(region) ? region : {};
  const figures = [x, y, width, height];
  if (!figures.every((figure) => typeof figure === 'number' && Number.isFinite(figure) && figure >= 0) || width === 0 || height === 0)
    throw misused('A region needs x, y, width and height in pixels.');
  return { x, y, width, height } as Box;
}

/** In English, as are the descriptions of tools: models read it. */
function misused(message: string): InspectorError {
  return new InspectorError('unsupported', message);
}
