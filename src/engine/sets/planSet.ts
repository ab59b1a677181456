import PQueue from 'p-queue';
import type { FailureReason } from '../../core/base/failure.ts';
import { failureView } from '../../core/base/failure.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import type { AltTextPlace } from '../../core/request/prompts.ts';
import { expectedOutputRange, type ForecastFacts, forecast, type Range } from '../../core/sets/forecast.ts';
import type { AltImage, SetCall, SetPlan, SetTask } from '../../core/sets/inspectionSet.ts';
import { commonFolder, keyOf } from '../../core/sets/keys.ts';
import { MEDIA_RESOLUTIONS } from '../../core/usage/tokens.ts';
import { probe } from '../../imaging/formats/probe.ts';
import { fileHash } from '../../imaging/reading/fileHash.ts';
import type { FileAccess } from '../files/imageFiles.ts';
import { fileFailure } from '../files/localFiles.ts';
import type { Job } from '../sending/job.ts';
import type { TaskRules } from '../task/settings.ts';
import { wordTokensOf } from '../task/taskPlanner.ts';
import type { FolderAccess } from './folderAccess.ts';
import type { HashMemory } from './hashMemory.ts';
import type { KnownResults } from './knownResults.ts';
import { contentKey } from './storage/twins.ts';
import { walkImages } from './walk.ts';

/** What becomes of an image of a plan. */
export type PlannedKind = 'new' | 'done' | 'excluded' | 'unsupported' | 'broken' | 'duplicate';

export interface PlannedItem {
  key: string;
  uri: string;
  kind: PlannedKind;
  /** Of the file. */
  bytes: number;
  /** Estimated input tokens of its request, words included; 0 for what is not sent. */
  tokens: number;
  sha256?: string;
  /** Of a duplicate: the key of the image that is sent in its place. */
  twin?: string;
  reason?: FailureReason;
  message?: string;
  altText?: AltTextPlace;
}

/** What would be done, and what that is known from. */
export interface PlannedItems {
  plan: SetPlan;
  call: SetCall;
  /** `speed` is that of the settings until one is chosen. */
  task: SetTask;
  /** Address of the folder below which the keys are. */
  folder: string;
  items: readonly PlannedItem[];
  facts: ForecastFacts;
  /** Tokens of the words of each request. */
  words: number;
  /** False where images are compared with others only when they are prepared: duplicates and what is done may be more then. */
  isExact: boolean;
}

/** How far a plan is. */
export interface PlanProgress {
  phase: 'listing' | 'reading' | 'comparing';
  done: number;
  /** 0 where it is not known. */
  of: number;
}

export interface PlanParts {
  files: FileAccess;
  folders: FolderAccess;
  rules: TaskRules;
  hashes: HashMemory;
  earlier: (task: SetTask) => Promise<KnownResults>;
  concurrency: () => number;
  isHidden?: ((address: string) => boolean) | undefined;
}

/** An image of a set by its name there. */
interface NamedImage {
  key: string;
  uri: string;
  altText?: AltTextPlace;
}

/** What there is to plan; `folder`: below which the keys are. */
interface NamedImages {
  folder: string;
  images: NamedImage[];
}

/** Headers that are read at a time. */
const READERS = 8;

/** What a set would send, at what cost. Sends nothing; rejects when the job is cancelled, and with `noImage` for a glob that cannot be read. */
export async function planSet(
  call: SetCall,
  parts: PlanParts,
  job: Job,
  onProgress: (progress: PlanProgress) => void,
): Promise<PlannedItems> {
  const { folders, rules, isHidden } = parts;
  const walking = {
    include: call.include,
    isHidden,
    signal: job.signal,
    onFound: (done: number) => onProgress({ phase: 'listing', done, of: 0 }),
  };
  const { folder, images }: NamedImages =
    call.altTexts === undefined ? await walkImages(call.uris, folders, walking) : namedImages(call.altTexts);
  const task = setTask(call, rules, images[0]?.uri);
  const basis = rules.tokenBasis();
  const words = wordTokens(task, rules, images[0]?.uri);
  const items: PlannedItem[] = [];
  let done = 0;
  const queue = new PQueue({ concurrency: READERS });
  await queue.addAll(
    images.map((image, index) => async () => {
      job.throwIfCancelled();
      const own = image.altText === undefined ? words : wordTokens(task, rules, image.uri, image.altText);
      items[index] = await readItem(image, { task, words: own, parts });
      onProgress({ phase: 'reading', done: ++done, of: images.length });
    }),
  );
  const isExact = await compare(items, { call, task, parts, job, onProgress });
  const chosen = limited(items, call.limit);
  const sent = chosen.filter(({ kind }) => kind === 'new');
  const facts: ForecastFacts = {
    images: sent.length,
    inputTokens: sent.reduce((sum, { tokens }) => sum + tokens, 0),
    concurrency: parts.concurrency(),
    output: expectedOutputRange(task, basis.date),
  };
  return { plan: planOf(chosen, task, facts, rules), call, task, folder, items: chosen, facts, words, isExact };
}

/** Images that lack alternative text: one of which it is wanted in several languages is there for each. */
function namedImages(altTexts: readonly AltImage[]): NamedImages {
  const folder = commonFolder(altTexts.map(({ uri }) => uri));
  const times = new Map<string, number>();
  for (const { uri } of altTexts) times.set(uri, (times.get(uri) ?? 0) + 1);
  const images = altTexts.map(({ uri, altText }) => {
    const isAlone = altText.language === '' || times.get(uri) === 1;
    return { key: isAlone ? keyOf(uri, folder) : `${keyOf(uri, folder)} (${altText.language})`, uri, altText };
  });
  return { folder, images: images.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)) };
}

/** The numbers of a plan; with what is known of an image's output by now. */
export function planOf(
  items: readonly PlannedItem[],
  task: SetTask,
  facts: ForecastFacts,
  rules: Pick<TaskRules, 'tokenBasis'>,
  output: Range = facts.output,
): SetPlan {
  const count = (kind: PlannedKind) => items.filter((item) => item.kind === kind).length;
  return {
    images: items.length,
    new: count('new'),
    done: count('done'),
    excluded: count('excluded'),
    unsupported: count('unsupported'),
    broken: count('broken'),
    duplicates: count('duplicate'),
    speeds: forecast(task, { ...facts, output }, rules.tokenBasis()),
  };
}

function setTask(call: SetCall, rules: TaskRules, first: string | undefined): SetTask {
  const settings = rules.settingsFor(first);
  return {
    task: call.task,
    query: call.query,
    ...(call.labels === undefined ? {} : { labels: call.labels }),
    model: call.model ?? settings.model,
    mediaResolution: MEDIA_RESOLUTIONS.find((one) => one === call.mediaResolution) ?? settings.mediaResolution,
    maxDimension: call.maxDimension ?? settings.maxDimension,
    speed: settings.speed,
  };
}

/** The call of a task on an image of a set. */
export function optionsOf({ model, mediaResolution, maxDimension, labels }: SetTask, altText?: AltTextPlace) {
  return {
    model,
    mediaResolution,
    maxDimension,
    ...(labels === undefined ? {} : { labels: [...labels] }),
    ...(altText === undefined ? {} : { altText, pointInAnswers: false }),
  };
}

function wordTokens(task: SetTask, rules: TaskRules, first: string | undefined, altText?: AltTextPlace): number {
  const call = { task: task.task, query: task.query, options: optionsOf(task, altText) };
  return wordTokensOf(call, rules.settingsFor(first), rules.tokenBasis().date);
}

/** An image by its header: it is not hashed and not decoded. */
async function readItem(
  { key, uri, altText }: NamedImage,
  { task, words, parts }: { task: SetTask; words: number; parts: PlanParts },
): Promise<PlannedItem> {
  const named = { key, uri, ...(altText === undefined ? {} : { altText }) };
  const nothing = { ...named, bytes: 0, tokens: 0 };
  let bytes = 0;
  try {
    if (await parts.rules.isExcluded(uri)) return { ...nothing, kind: 'excluded', reason: 'excluded' };
    const source = await parts.files.open(uri);
    bytes = source.size;
    const header = await probe(source);
    const { maxDimension, model, mediaResolution } = task;
    const { estimate } = estimateImage(header, { model, mediaResolution, maxDimension }, parts.rules.tokenBasis());
    return { ...named, kind: 'new', bytes, tokens: estimate.tokens + words };
  } catch (error) {
    const { reason, message, detail } = failureView(fileFailure(error));
    const kind = reason === 'excluded' ? 'excluded' : reason === 'unsupportedImage' || reason === 'tooLarge' ? 'unsupported' : 'broken';
    return { ...nothing, kind, bytes, reason, message: `${message} ${detail}`.trim() };
  }
}

/** Finds duplicates and what is done, among those that may be: hashed is only what has the size of another, and what was hashed before. False if others are left to be compared. */
async function compare(
  items: PlannedItem[],
  {
    call,
    task,
    parts,
    job,
    onProgress,
  }: { call: SetCall; task: SetTask; parts: PlanParts; job: Job; onProgress: (progress: PlanProgress) => void },
): Promise<boolean> {
  const readable = items.filter(({ kind }) => kind === 'new');
  const earlier = call.onlyNew ? await parts.earlier(task) : undefined;
  const ofSize = new Map<number, number>();
  for (const { bytes } of readable) ofSize.set(bytes, (ofSize.get(bytes) ?? 0) + 1);
  const mayBeKnown = ({ bytes }: PlannedItem) => (ofSize.get(bytes) ?? 0) > 1 || earlier?.sizes.has(bytes) === true;
  let isExact = true;
  let done = 0;
  const first = new Map<string, PlannedItem>();
  for (const [index, item] of items.entries()) {
    if (item.kind !== 'new') continue;
    job.throwIfCancelled();
    const sha256 = await hashOf(item, mayBeKnown(item), parts, job);
    onProgress({ phase: 'comparing', done: ++done, of: readable.length });
    if (sha256 === undefined) {
      // What has a size of its own has no twin, and no result from before where the sizes of all of these are known.
      isExact &&= !mayBeKnown(item) && earlier?.isComplete !== false;
      continue;
    }
    const content = contentKey(sha256, item.altText);
    const other = first.get(content);
    const compared = { ...item, sha256 };
    if (other !== undefined) {
      items[index] = { ...compared, tokens: 0, ...(other.kind === 'done' ? { kind: 'done' } : { kind: 'duplicate', twin: other.key }) };
      continue;
    }
    const isDone = earlier !== undefined && (await earlier.has(sha256));
    const own: PlannedItem = isDone ? { ...compared, kind: 'done', tokens: 0 } : compared;
    items[index] = own;
    first.set(content, own);
  }
  await parts.hashes.save();
  return isExact;
}

async function hashOf(
  { uri }: PlannedItem,
  mayBeKnown: boolean,
  { files, folders, hashes }: PlanParts,
  job: Job,
): Promise<string | undefined> {
  const stamp = await folders.stamp(uri);
  const known = stamp === undefined ? undefined : await hashes.find(uri, stamp);
  if (known !== undefined || !mayBeKnown) return known;
  try {
    const sha256 = await fileHash(await files.open(uri), job.signal);
    if (stamp !== undefined) await hashes.remember(uri, stamp, sha256);
    return sha256;
  } catch {
    job.throwIfCancelled();
    // It is read again when it is prepared, and fails then.
    return undefined;
  }
}

/** The first so many new images with all that stands before them. */
function limited(items: PlannedItem[], limit: number | undefined): PlannedItem[] {
  if (limit === undefined) return items;
  let left = limit;
  const end = items.findIndex(({ kind }) => kind === 'new' && --left < 0);
  return end < 0 ? items : items.slice(0, end);
}
