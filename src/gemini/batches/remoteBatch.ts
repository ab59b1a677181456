import { isRecord, recordOf } from '../../core/base/shape.ts';
import { type RpcError, readRpcError } from '../../core/failures/rpcError.ts';
import { FILE_NAME } from '../files/remoteFile.ts';
import { InvalidResponse } from '../http/transport.ts';

/** How a batch stands. One that is not known is `running`: whoever waits has a clock. */
export type BatchState = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';

/** A batch as the API has it: requests in a file that it works through when it has room. Times are in milliseconds since 1970. */
export interface RemoteBatch {
  /** `batches/…` */
  name: string;
  /** As it was named when it was made; empty if it was not. */
  displayName: string;
  /** Without `models/`; empty if it was not told. */
  model: string;
  state: BatchState;
  createTime?: number;
  endTime?: number;
  updateTime?: number;
  /** The file with the answers: `files/…`. A batch that has succeeded may name it a look later only. */
  responsesFile?: string;
  /** Requests, as far as they were counted. */
  stats?: { total: number; succeeded: number; failed: number };
  /** Why it failed. */
  error?: RpcError;
}

/** What a batch is made of. */
export interface NewBatch {
  model: string;
  /** The file with its requests: `files/…` */
  fileName: string;
  /** By which it is found again. */
  displayName: string;
}

/** The only form of a name, which also stands in the addresses of our calls. */
export const BATCH_NAME = /^batches\/[A-Za-z0-9][\w-]*$/;

/** A batch out of the operation by which the API describes it. Throws InvalidResponse for what is none. */
export function readRemoteBatch(value: unknown): RemoteBatch {
  const operation = recordOf(value);
  const { name } = operation;
  if (typeof name !== 'string' || !BATCH_NAME.test(name)) throw new InvalidResponse('NO_REPLY');
  const metadata = recordOf(operation.metadata);
  const error = readRpcError(operation.error) ?? readRpcError(metadata.error);
  const responsesFile = fileIn(metadata.output) ?? fileIn(operation.response);
  const stats = statsIn(metadata.batchStats);
  return {
    name,
    displayName: word(metadata.displayName),
    model: word(metadata.model).replace(/^models\//, ''),
    state:
      stateOf(metadata.state) ??
      (operation.done !== true ? 'running' : error !== undefined ? 'failed' : responsesFile === undefined ? 'running' : 'succeeded'),
    ...known('createTime', time(metadata.createTime)),
    ...known('endTime', time(metadata.endTime)),
    ...known('updateTime', time(metadata.updateTime)),
    ...known('responsesFile', responsesFile),
    ...known('stats', stats),
    ...known('error', error),
  };
}

const STATES: Readonly<Record<string, BatchState>> = {
  PENDING: 'pending',
  QUEUED: 'pending',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  PARTIALLY_SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
};

function stateOf(state: unknown): BatchState | undefined {
  const name = word(state).replace(/^(BATCH|JOB)_STATE_/, '');
  return Object.hasOwn(STATES, name) ? STATES[name] : undefined;
}

function fileIn(output: unknown): string | undefined {
  const { responsesFile } = recordOf(output);
  return typeof responsesFile === 'string' && FILE_NAME.test(responsesFile) ? responsesFile : undefined;
}

/** A count of zero is left out on the wire, and large numbers are text. */
function statsIn(value: unknown): RemoteBatch['stats'] {
  if (!isRecord(value)) return undefined;
  return { total: count(value.requestCount), succeeded: count(value.successfulRequestCount), failed: count(value.failedRequestCount) };
}

function count(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

function time(value: unknown): number | undefined {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function known<K extends string, V>(name: K, value: V | undefined): { [name in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [name in K]: V });
}
