import { googleError, invalidArgument } from './errors.ts';
import type { FakeModel } from './models.ts';
import type { StatusAnswer } from './script.ts';
import type { ListModelsReply, WireModel } from './wire.ts';

/** `GET /v1beta/models`: a page of models. A page holds 50 unless the query's `pageSize` says otherwise; its token is the place of the first model. */
export function listModels(models: readonly FakeModel[], query: URLSearchParams): ListModelsReply | StatusAnswer {
  const start = Number(Buffer.from(query.get('pageToken') ?? '', 'base64').toString() || 0);
  const size = Math.min(1000, Number(query.get('pageSize') || 50));
  if (!isCount(size)) return invalidArgument('* ListModelsRequest.page_size: must be at least 0.\n');
  if (!isCount(start)) return invalidArgument('* ListModelsRequest.page_token: The page token is invalid.\n');
  const end = start + size;
  return {
    models: models.slice(start, end).map(wireModel),
    ...(end < models.length && { nextPageToken: Buffer.from(String(end)).toString('base64') }),
  };
}

/** `GET /v1beta/models/{id}` */
export function getModel(models: readonly FakeModel[], id: string): WireModel | StatusAnswer {
  const model = models.find((known) => known.id === id);
  return model ? wireModel(model) : googleError(404, 'NOT_FOUND', `Model is not found: models/${id} for api version v1beta`);
}

function wireModel({ id, displayName, thinking }: FakeModel): WireModel {
  return {
    name: `models/${id}`,
    version: /\d+(\.\d+)?/.exec(id)?.[0] ?? '1',
    displayName,
    description: `The stand-in for ${displayName}`,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    ...(!(thinking.kind === 'level' && thinking.byDefault === 'OFF') && { thinking: true }),
  };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
