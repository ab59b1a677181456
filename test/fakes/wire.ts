/**
 * The bodies of the Gemini API (v1beta) as they stand on the wire. They are put together from the SDK's own types, which describe the
 * parameters of the SDK instead: there `config` holds what the wire splits up, and fields of Vertex AI stand among those of the Gemini API.
 * `makeSchemas.ts` turns this file into `schemas.json`.
 */
import type {
  BatchJobSource,
  Blob,
  Candidate,
  Content,
  File,
  FileData,
  GenerateContentResponse,
  GenerateContentResponseUsageMetadata,
  GenerationConfig,
  Model,
  Part,
  SafetySetting,
  Tool,
  ToolConfig,
} from '@google/genai/web';

export interface GenerateContentRequest {
  contents: RequestContent[];
  systemInstruction?: RequestContent;
  generationConfig?: RequestGenerationConfig;
  safetySettings?: Pick<SafetySetting, 'category' | 'threshold'>[];
  tools?: Tool[];
  toolConfig?: ToolConfig;
  cachedContent?: string;
  serviceTier?: Lowercase<'UNSPECIFIED' | 'FLEX' | 'STANDARD' | 'PRIORITY'>;
}

export interface CountTokensRequest {
  contents: RequestContent[];
}

/** `POST /upload/v1beta/files` */
export interface StartUploadRequest {
  /** A large number may stand as text, as everywhere in the API; the SDK for Python sends it as a number. */
  file?: Pick<File, 'name' | 'displayName' | 'mimeType'> & { sizeBytes?: string | number };
}

/** `POST models/…:batchGenerateContent`, with the requests in a file: inside, the answers have been billed and lost. */
export interface CreateBatchRequest {
  batch: { displayName: string; inputConfig: Required<Pick<BatchJobSource, 'fileName'>> };
}

/** A line of the file with the requests. */
export interface BatchRequestLine {
  key: string;
  request: GenerateContentRequest;
}

export interface RequestContent extends Omit<Content, 'parts'> {
  parts?: RequestPart[];
}

/** Names of inline and stored data belong to Vertex AI. */
export interface RequestPart extends Omit<Part, 'inlineData' | 'fileData'> {
  inlineData?: Omit<Blob, 'displayName'>;
  fileData?: Omit<FileData, 'displayName'>;
}

export type RequestGenerationConfig = Omit<GenerationConfig, 'audioTimestamp' | 'modelSelectionConfig' | 'routingConfig'>;

/** A whole reply, or one event of a stream. */
export interface GenerateContentReply
  extends Pick<GenerateContentResponse, 'modelVersion' | 'promptFeedback' | 'responseId' | 'modelStatus'> {
  candidates?: Candidate[];
  usageMetadata?: GenerateContentResponseUsageMetadata;
}

export interface CountTokensReply {
  totalTokens: number;
}

export interface ListModelsReply {
  models: WireModel[];
  nextPageToken?: string;
}

export interface WireModel extends Omit<Model, 'supportedActions' | 'endpoints' | 'labels' | 'tunedModelInfo' | 'checkpoints'> {
  name: string;
  version: string;
  supportedGenerationMethods: string[];
}

/** A batch as an operation. Counts are text, and zero is left out. */
export interface WireBatch {
  name: string;
  metadata: {
    '@type': string;
    model: string;
    displayName: string;
    inputConfig: { fileName: string };
    output?: { responsesFile: string };
    createTime: string;
    endTime?: string;
    updateTime: string;
    batchStats: { requestCount?: string; successfulRequestCount?: string; failedRequestCount?: string; pendingRequestCount?: string };
    state: string;
    name: string;
  };
  done?: true;
  response?: { '@type': string; responsesFile: string };
  error?: { code: number; message: string };
}

/** Of the SDK's fields, those that the Gemini API sends. */
export type WireFile = Pick<
  File,
  'name' | 'displayName' | 'mimeType' | 'sizeBytes' | 'createTime' | 'updateTime' | 'expirationTime' | 'sha256Hash' | 'uri' | 'error'
> & { state: 'PROCESSING' | 'ACTIVE' | 'FAILED'; source: 'UPLOADED' | 'GENERATED'; downloadUri?: string };

export interface ListFilesReply {
  files?: WireFile[];
  nextPageToken?: string;
}
