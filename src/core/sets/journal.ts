import { FAILURE_REASONS, type FailureReason } from '../base/failure.ts';
import { isRecord } from '../base/shape.ts';
import { isTask } from '../inspection/inspection.ts';
import type { AltTextPlace } from '../request/prompts.ts';
import type { ItemState, Review, RowResult, SetSpeed, SetTask } from './inspectionSet.ts';

/** The first record of a journal: what the set is. */
export interface HeadRecord {
  kind: 'set';
  version: 1;
  id: string;
  /** ISO 8601 */
  createdAt: string;
  /** Address of the folder below which its keys are. */
  folder: string;
  task: SetTask;
  /** Tokens of the words of each request. */
  words: number;
  /** True where what has a result already is left out. */
  onlyNew?: true;
  /** US dollars that it may cost; unset for no limit of its own. */
  maxUsd?: number;
  /** Of a set of alternative texts: addresses of the documents that lack them, and of folders of such documents. */
  documents?: readonly string[];
}

/** An image of the set, by its number from 0. */
export interface ImageRecord {
  kind: 'image';
  image: number;
  key: string;
  uri: string;
  /** Of the file. */
  bytes: number;
  /** Estimated input tokens of its request, words included. */
  tokens: number;
  /** Of the file, hexadecimal, once it is known. */
  sha256?: string;
  /** Alternative text is wanted, for this place. */
  altText?: AltTextPlace;
}

/** An image of the same content is asked about in its place. */
export interface TwinRecord {
  kind: 'twin';
  image: number;
  of: number;
}

/** An image has come into another state. */
export interface StateRecord {
  kind: 'state';
  image: number;
  state: ItemState;
  sha256?: string;
  reason?: FailureReason;
  message?: string;
  /** True where an answer may have been billed that is not here. */
  mayBeBilled?: true;
  /** Where its line stands in the file of results: first byte and length in bytes, without the end of the line. */
  at?: number;
  length?: number;
  result?: RowResult;
  /** Tokens and US dollars that were billed. */
  billed?: number;
  costUsd?: number;
}

/** What a person has made of an answer: where its line stands in the file of results, and what a list shows of it. The answer's own line stays. */
export interface Correction {
  /** First byte and length in bytes, without the end of the line. */
  at: number;
  length: number;
  result?: RowResult;
}

/** What a person says of a result. */
export interface ReviewRecord {
  kind: 'review';
  image: number;
  /** Null: nothing any more; then one that was corrected still is. */
  review: Review | null;
  /** Null: the answer holds again; unset: all stays as it is. */
  corrected?: Correction | null;
}

/** What the set as a whole does from here on. `at`: ISO 8601. */
export interface PhaseRecord {
  kind: 'phase';
  phase: SetPhase;
  at: string;
  speed?: SetSpeed;
  reason?: FailureReason;
  message?: string;
}

/** `stalled`: the job of a batch did not end, and what is left may be asked for otherwise. */
export type SetPhase = 'planned' | 'running' | 'paused' | 'stalled' | 'ended';

const PHASES: readonly SetPhase[] = ['planned', 'running', 'paused', 'stalled', 'ended'];

/** A part of a batch: of which images, as which job, and which files of it lie with the API. The last record of a part holds. */
export interface PartRecord {
  kind: 'part';
  part: number;
  attempt: number;
  images: number[];
  /** `made`: the job is about to be made, under `displayName`; `ended`: its results are safe or it brought none. */
  step: 'uploading' | 'made' | 'ended';
  displayName: string;
  /** `batches/…` */
  job?: string;
  /** `files/…`: the requests; of a part that has ended, what could not be deleted. */
  files: string[];
  /** ISO 8601, of the making. */
  at: string;
  /** True once the job was seen at work: what it has answered by its end is billed. */
  begun?: true;
}

/** A file of a part lies with the API from here on, to be deleted when the part has ended: `files/…` */
export interface UploadRecord {
  kind: 'upload';
  part: number;
  name: string;
}

export type JournalRecord = HeadRecord | ImageRecord | TwinRecord | StateRecord | ReviewRecord | PhaseRecord | PartRecord | UploadRecord;

/** A record as a line of the journal. */
export function writeRecord(record: JournalRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** A record out of a line; undefined for what is none. */
export function readRecord(line: string): JournalRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isRecord(value) && isJournalRecord(value) ? (value as unknown as JournalRecord) : undefined;
}

function isJournalRecord(value: Record<string, unknown>): boolean {
  switch (value.kind) {
    case 'set':
      return value.version === 1 && typeof value.id === 'string' && isRecord(value.task) && isTask(value.task.task);
    case 'image':
      return (
        isCount(value.image) &&
        typeof value.key === 'string' &&
        typeof value.uri === 'string' &&
        isCount(value.bytes) &&
        isAltText(value.altText)
      );
    case 'twin':
      return isCount(value.image) && isCount(value.of);
    case 'state':
      return isCount(value.image) && STATES.some((state) => state === value.state) && isKnownReason(value.reason);
    case 'review':
      return isCount(value.image) && (value.corrected == null || isPlace(value.corrected));
    case 'phase':
      return PHASES.some((phase) => phase === value.phase);
    case 'part':
      return isCount(value.part) && Array.isArray(value.images) && value.images.every(isCount) && Array.isArray(value.files);
    case 'upload':
      return isCount(value.part) && typeof value.name === 'string';
    default:
      return false;
  }
}

function isAltText(value: unknown): boolean {
  return value === undefined || (isRecord(value) && ['before', 'behind', 'language'].every((key) => typeof value[key] === 'string'));
}

const STATES: readonly ItemState[] = ['waiting', 'prepared', 'sent', 'done', 'failed', 'skipped', 'cancelled'];

function isPlace(value: unknown): boolean {
  return isRecord(value) && isCount(value.at) && isCount(value.length);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isKnownReason(value: unknown): boolean {
  return value === undefined || FAILURE_REASONS.some((reason) => reason === value);
}

/** Where an image may go from where it stands. An answer of a twin makes it done without being sent. */
const MOVES: Readonly<Record<ItemState, readonly ItemState[]>> = {
  waiting: ['prepared', 'done', 'failed', 'skipped', 'cancelled'],
  prepared: ['sent', 'waiting', 'failed', 'skipped', 'cancelled'],
  sent: ['done', 'failed', 'prepared', 'waiting', 'cancelled'],
  done: [],
  failed: ['waiting'],
  skipped: [],
  cancelled: ['waiting'],
};

export function mayMove(from: ItemState, to: ItemState): boolean {
  return MOVES[from].includes(to);
}

/** An image of a set as its journal tells. */
export interface SetImage extends Omit<ImageRecord, 'kind'>, Omit<StateRecord, 'kind'> {
  twin?: number;
  review?: Review;
  corrected?: Correction;
  /** It has failed, and what a person has found in it is all there is: with that it is done, without it failed again. */
  byHand?: true;
}

/** What a journal tells, record by record. */
export class JournalState {
  head: HeadRecord | undefined;
  readonly images: SetImage[] = [];
  readonly parts = new Map<number, PartRecord>();
  /** Names of files that were uploaded for a part that has not ended. */
  readonly uploads = new Map<number, string[]>();
  phase: SetPhase = 'planned';
  /** Why it is paused. */
  phaseReason: FailureReason | undefined;
  phaseMessage: string | undefined;
  speed: SetSpeed = 'standard';
  /** Lines that could not be read, the last one not counted. */
  broken = 0;
  /** Records that say what cannot be. */
  illegal = 0;
  /** US dollars that were billed, also for answers that an image no longer has; undefined while no price is known. */
  costUsd: number | undefined;
  /** Tokens that were billed, in the same way. */
  billed = 0;

  /** Takes a record up; false for one that says what cannot be, which changes nothing. */
  add(record: JournalRecord): boolean {
    const isTaken = this.#take(record);
    if (!isTaken) this.illegal += 1;
    return isTaken;
  }

  #take(record: JournalRecord): boolean {
    switch (record.kind) {
      case 'set':
        if (this.head !== undefined) return false;
        this.head = record;
        this.speed = record.task.speed;
        return true;
      case 'image': {
        if (record.image !== this.images.length) return false;
        const { kind: _, ...image } = record;
        this.images.push({ ...image, state: 'waiting' });
        return true;
      }
      case 'twin':
        return this.#change(record.image, () => {
          const other = this.images[record.of];
          return other === undefined || other.twin !== undefined || record.of === record.image ? undefined : { twin: record.of };
        });
      case 'state':
        return this.#move(record);
      case 'review':
        return this.#change(record.image, (image) => reviewed(image, record));
      case 'phase':
        this.phase = record.phase;
        this.speed = record.speed ?? this.speed;
        this.phaseReason = record.reason;
        this.phaseMessage = record.message;
        return true;
      case 'part':
        this.parts.set(record.part, record);
        if (record.step === 'ended') this.uploads.delete(record.part);
        return true;
      case 'upload': {
        const names = this.uploads.get(record.part) ?? [];
        names.push(record.name);
        this.uploads.set(record.part, names);
        return true;
      }
    }
  }

  #move(record: StateRecord): boolean {
    const isMoved = this.#change(record.image, (image) => (mayMove(image.state, record.state) ? moved(record) : undefined));
    if (isMoved && record.costUsd !== undefined) this.costUsd = (this.costUsd ?? 0) + record.costUsd;
    if (isMoved) this.billed += record.billed ?? 0;
    return isMoved;
  }

  /** Puts another value in the place of an image: whoever holds the old one keeps what it was. */
  #change(index: number, change: (image: SetImage) => { [K in keyof SetImage]?: SetImage[K] | undefined } | undefined): boolean {
    const image = this.images[index];
    const changes = image === undefined ? undefined : change(image);
    if (image === undefined || changes === undefined) return false;
    // An object from which something is deleted takes several times the memory.
    const known = Object.entries({ ...image, ...changes }).filter(([, value]) => value !== undefined);
    this.images[index] = Object.fromEntries(known) as unknown as SetImage;
    return true;
  }
}

/** What is known of an image once it has come into a state; what held for the one before is gone. */
function moved({ state, sha256, reason, message, mayBeBilled, at, length, result, billed, costUsd }: StateRecord) {
  const told = { state, reason, message, mayBeBilled, at, length, result, billed, costUsd };
  return sha256 === undefined ? told : { ...told, sha256 };
}

/** What holds after a person has said something; undefined where there is nothing to say it of. A correction stays until it is taken back. */
function reviewed(image: SetImage, { review, corrected = image.corrected }: ReviewRecord) {
  const hasFailed = asAnswered(image).state === 'failed';
  if (image.state !== 'done' && !(hasFailed && corrected)) return undefined;
  const said = { review: review ?? (corrected ? 'corrected' : undefined), corrected: corrected ?? undefined } as const;
  if (!hasFailed) return said;
  return corrected ? ({ ...said, state: 'done', byHand: true } as const) : ({ ...said, state: 'failed', byHand: undefined } as const);
}

/** An image as it was answered, whatever a person has made of it. */
export function asAnswered(image: SetImage): SetImage {
  return image.byHand === true ? { ...image, state: 'failed' } : image;
}

/** Reads a whole journal. A last line without its end was being written when the process ended: it is left out. */
export function foldJournal(text: string): JournalState {
  const state = new JournalState();
  const end = text.lastIndexOf('\n') + 1;
  for (const line of text.slice(0, end).split('\n')) {
    if (line === '') continue;
    const record = readRecord(line);
    if (record === undefined) state.broken += 1;
    else state.add(record);
  }
  return state;
}
