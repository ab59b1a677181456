import { refuseDecision } from './decisions.ts';
import {
  apiKeyInvalid,
  apiKeyMissing,
  fileForbidden,
  filesTooLarge,
  googleError,
  imageNotProcessable,
  imageNotValid,
  invalidArgument,
  modelNotFound,
  payloadTooLarge,
  tooManyImages,
  unsupportedMimeType,
} from './errors.ts';
import type { StoredFile } from './fileStore.ts';
import { ACCEPTED_TYPES } from './images.ts';
import { type FakeModel, tokenFamily } from './models.ts';
import { type ReceivedImage, type ReceivedRequest, requestParts } from './receivedRequest.ts';
import { refuseBySchema } from './schemaCheck.ts';
import type { StatusAnswer } from './script.ts';
import { refuseSegmentation } from './segmentation.ts';
import { refuseThinking } from './thinking.ts';
import { VERTEX_TOKEN } from './vertexLogin.ts';
import type { RequestContent } from './wire.ts';

export interface Rules {
  keys: readonly string[];
  inlineLimitBytes: number;
  /** The model that answers for an id, if there is one. */
  answering: (id: string) => FakeModel | undefined;
  /** The file of that address, if the key may see one. */
  stored: (uri: string, key: string) => StoredFile | undefined;
  /** What is at an address of the web, if anything is. */
  onWeb: (address: string) => Buffer | undefined;
}

/** Bytes of all files that a request names; seen with images of about 36 MB. */
const MOST_FILE_BYTES = 36e6;
const MOST_IMAGES = 3600;

/** The refusal the real API would answer a request with; undefined if it would take it. */
export function refuse(request: ReceivedRequest, rules: Rules): StatusAnswer | undefined {
  if (hasKeyInUrl(request)) return invalidArgument('The key belongs in the header x-goog-api-key, never in the URL.');
  if (request.endpoint === 'unknown') return googleError(404, 'NOT_FOUND', 'Method not found.');
  // The address of an upload is itself the permission.
  if (request.endpoint === 'continueUpload' && request.headers['x-goog-api-key'] === undefined) return undefined;
  if (request.vertex !== undefined) return refuseVertex(request, rules);
  const key = request.headers['x-goog-api-key'];
  if (key === undefined || key === '') return apiKeyMissing();
  if (!rules.keys.some((known) => known === key)) return apiKeyInvalid();
  if (request.endpoint === 'decisions') return refuseDecision(request, rules.inlineLimitBytes);
  if (request.model === undefined || request.method === 'GET' || request.endpoint === 'createBatch') return undefined;
  // None of the models there predicts.
  if (request.endpoint === 'predict') return modelNotFound(request.model, 'predict');
  return refuseAsked(request, rules);
}

function refuseAsked(request: ReceivedRequest, rules: Rules): StatusAnswer | undefined {
  return refuseBody(request, rules) ?? refuseModel(request, rules) ?? refuseContents(request) ?? refuseImages(request, rules);
}

/** Vertex AI wants a token in place of a key, and a project that the token may use. Both at once is not what this project sends. */
function refuseVertex(request: ReceivedRequest, rules: Rules): StatusAnswer | undefined {
  const { headers, vertex } = request;
  if (headers['x-goog-api-key'] !== undefined) return invalidArgument('A key was sent to Vertex AI.');
  if (headers.authorization !== `Bearer ${VERTEX_TOKEN}`) {
    const message =
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid credential.';
    return googleError(401, 'UNAUTHENTICATED', message);
  }
  if (!/^projects\/my-project\/locations\/(global|us-central1)$/.test(vertex ?? '')) {
    const resource = `//aiplatform.googleapis.com/${vertex}/publishers/google/models/${request.model}`;
    return googleError(
      403,
      'PERMISSION_DENIED',
      `Permission 'aiplatform.endpoints.predict' denied on resource '${resource}' (or it may not exist).`,
    );
  }
  return request.endpoint === 'predict' ? refuseSegmentation(request, rules.inlineLimitBytes) : refuseAsked(request, rules);
}

/** A key in a URL ends up in logs. The real API takes it; this project never sends it. */
export function hasKeyInUrl(request: ReceivedRequest): boolean {
  return request.query.has('key') || request.query.has('api_key');
}

function refuseBody(request: ReceivedRequest, { inlineLimitBytes }: Rules): StatusAnswer | undefined {
  if (request.bytes > inlineLimitBytes) return payloadTooLarge(inlineLimitBytes);
  if (request.json === undefined) return invalidArgument('Invalid JSON payload received. Unexpected end of string.');
  return refuseBySchema(request.endpoint === 'countTokens' ? 'CountTokensRequest' : 'GenerateContentRequest', request.body);
}

function refuseModel({ model: id = '', endpoint, body = {} }: ReceivedRequest, { answering }: Rules): StatusAnswer | undefined {
  const model = answering(id);
  if (!model) return modelNotFound(id, endpoint);
  // From 3 on each part may have its own.
  if (tokenFamily(model.id) !== 'grid' && requestParts(body).some(({ mediaResolution }) => mediaResolution))
    return invalidArgument(`Media resolution of a part is not supported for ${id}.`);
  return refuseThinking(model, body);
}

function refuseContents({ body = {} }: ReceivedRequest): StatusAnswer | undefined {
  const { contents = [], systemInstruction } = body;
  if (contents.length === 0) return invalidArgument('* GenerateContentRequest.contents: contents is not specified\n');
  const places: [RequestContent, string][] = contents.map((content, index) => [content, `contents[${index}]`]);
  if (systemInstruction) places.push([systemInstruction, 'system_instruction']);
  for (const [content, place] of places) {
    const refusal = refuseContent(content, `GenerateContentRequest.${place}`);
    if (refusal) return refusal;
  }
  // A single turn may go without a role: it is the user's.
  const roles = contents.map((content) => content.role ?? (contents.length === 1 ? 'user' : ''));
  return roles.every((role) => role === 'user' || role === 'model') ? undefined : invalidArgument('Please use a valid role: user, model.');
}

function refuseContent({ parts = [] }: RequestContent, place: string): StatusAnswer | undefined {
  if (parts.length === 0) return invalidArgument(`* ${place}.parts: contents.parts must not be empty.\n`);
  for (const [index, part] of parts.entries()) {
    const { text, inlineData, fileData, functionCall, functionResponse, executableCode, codeExecutionResult } = part;
    const data = [text || undefined, inlineData, fileData, functionCall, functionResponse, executableCode, codeExecutionResult];
    if (data.filter((one) => one !== undefined).length !== 1) {
      return invalidArgument(`* ${place}.parts[${index}].data: required oneof field 'data' must have one initialized field\n`);
    }
  }
  return undefined;
}

function refuseImages(request: ReceivedRequest, { stored, onWeb }: Rules): StatusAnswer | undefined {
  const files: StoredFile[] = [];
  for (const { inlineData, fileData } of requestParts(request.body)) {
    if (inlineData && !/^[\w+/-]+={0,2}$/.test(inlineData.data ?? '')) {
      return invalidArgument("Invalid value at 'inline_data.data' (TYPE_BYTES), Base64 decoding failed");
    }
    if (!fileData || onWeb(fileData.fileUri ?? '')) continue;
    if (!/\/v1beta\/files\//.test(fileData.fileUri ?? '')) return invalidArgument('Cannot fetch content from the provided URL.');
    const file = stored(fileData.fileUri ?? '', String(request.headers['x-goog-api-key']));
    if (!file) return fileForbidden(fileData.fileUri?.split('/').at(-1));
    if (file.processing > 0 || file.failed)
      return invalidArgument(`The File ${file.name} is not in an ACTIVE state and usage is not allowed.`);
    if (file.mimeType !== fileData.mimeType) return invalidArgument(`The MIME type of the File ${file.name} is ${file.mimeType}.`);
    files.push(file);
  }
  if (files.reduce((sum, { size }) => sum + size, 0) > MOST_FILE_BYTES) return filesTooLarge();
  if (request.images.length > MOST_IMAGES) return tooManyImages(MOST_IMAGES);
  return request.images.map(refuseImage).find((refusal) => refusal !== undefined);
}

function refuseImage({ mimeType, sniffed }: ReceivedImage): StatusAnswer | undefined {
  if (!isAccepted(mimeType)) return unsupportedMimeType(mimeType);
  if (!sniffed.accepted) return sniffed.mimeType ? unsupportedMimeType(sniffed.mimeType) : imageNotValid();
  // HEIC is a kind of HEIF, and files of both carry either name.
  const same = mimeType === sniffed.mimeType || (/hei[cf]$/.test(mimeType) && /hei[cf]$/.test(sniffed.mimeType));
  if (!same) return imageNotValid();
  return sniffed.size ? undefined : imageNotProcessable();
}

function isAccepted(mimeType: string): boolean {
  return ACCEPTED_TYPES.some((accepted) => accepted === mimeType);
}
