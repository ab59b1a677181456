import { isRecord } from '../base/shape.ts';
import type { Box } from '../inspection/inspection.ts';

/** The parts of a URI that tell one from any other object: what VS Code's own `Uri` has, also after a trip through JSON. */
export interface UriLike {
  scheme: string;
  authority?: string;
  path: string;
  query?: string;
  fragment?: string;
}

/** Options of a call from code; every command takes those that concern it. */
export interface CommandOptions {
  uri?: UriLike | string | null;
  /** Of `inspectUrl`. */
  url?: string;
  query?: string;
  /** Of the program that `copyAsCode` writes, and the task that it does. */
  language?: string;
  task?: string;
  labels?: string[] | string;
  /** Of a saved prompt. */
  name?: string;
  /** The id of a run of this image that the question follows: the conversation goes on, about the images of that run. */
  follow?: string;
  /** Of `verify`: the id of the inspection whose objects are checked; the newest with objects if unset. Of `openSet`: of the set. */
  id?: string;
  model?: string;
  mediaResolution?: string;
  /** `standard` or `flex`. */
  speed?: string;
  /** Whether an answer of `caption` or `ask` comes with the places of what it names; as the setting says if unset. */
  pointInAnswers?: boolean;
  /** The part that is sent, in fractions of the upright image. */
  region?: Box;
  /** What is blacked out in the copy that is sent, in fractions of the upright image. */
  redactions?: Box[];
  /** The longest side that is sent, in pixels, whatever the setting; 0: as it is, however large. */
  maxDimension?: number;
  /** `url`: Gemini is given the address of an image that was opened from a URL, and Google fetches it; rejected where that cannot be. */
  via?: 'url';
  reveal?: boolean;
  /** Of `inspectFolder`: folders and images, in place of `uri`. Of `compareTwo`: two images, the older first. */
  uris?: (UriLike | string)[];
  /** Of `inspectFolder`: whether images that have this result already are left out; true if unset. */
  onlyNew?: boolean;
  /** Of `inspectFolder`: a glob of paths below the folder. */
  include?: string;
  /** Of `inspectFolder`: images at most. */
  limit?: number;
  /** Of `inspectFolder`: US dollars at most. */
  maxUsd?: number;
  /** Of `inspectFolder`: false for the plan alone; nothing is sent then. */
  start?: boolean;
  /** Of `inspectFolder`: false to go on as soon as the set is under way. */
  wait?: boolean;
  /** Of `inspectFolder`: a `CancellationToken`. */
  token?: unknown;
  /** Of `compareWithHead`: the version that the image is compared with; HEAD if unset. */
  ref?: string;
  /** Of `openLabels` and `evaluate`: the label file; looked for where such files usually stand if unset. */
  file?: UriLike | string;
  /** Of `evaluate`: from which overlap on an object counts as found, 0..1; 0.5 if unset. */
  iou?: number;
  /** Of `evaluate`: the id of a set, in place of `uri`. */
  set?: string;
  /** Of `tryModels`: models, resolutions and words that are tried, each with each; those of the settings, and `query`, where unset. */
  models?: string[];
  mediaResolutions?: string[];
  queries?: string[];
  /** Of `insertAltText`: the place of the image in the text, from 0. */
  position?: { line: number; character: number };
  /** Of `insertAltText`: wherever it is missing. */
  all?: boolean;
  /** Of `insertAltText`: characters of the words around the image that may go along; 1000 if unset. */
  context?: number;
  /** Of `showReply`: the text of a reply, in any form. */
  reply?: string;
  /** Of `export`: one of `EXPORT_FORMATS`. */
  format?: string;
  /** Of `export`: the folder to write to. */
  target?: UriLike | string;
}

/** A variable of a debugger, as its menu names it. */
export interface DebugVariable {
  sessionId: string;
  value: string;
  /** The expression that has this value. */
  evaluateName?: string;
}

/** What a command was called with, once and for all ways of calling it. */
export interface CommandCall {
  /** The images named by the call; empty: take the active one. */
  uris: (UriLike | string)[];
  /** True where the call named an image more than once; `uris` has it once. */
  repeated?: true;
  options: CommandOptions;
  /** Called with an options object, so from code: asks nothing but consent, and rejects on failure. */
  fromCode: boolean;
  /** From the menu of a debugger's variable. */
  variable?: DebugVariable;
}

/**
 * Reads the arguments `(uri?, selected?, options?)` of a command.
 * All may be `SourceControlResourceState`s, as the menu of a source control passes them. Else the first may be a Uri, its address or path, the context object of a webview menu (it has `webview`) or of a debugger's variable, or plain options `{uri?, …}` (keybindings pass one argument).
 * The second counts only if it is an array of Uris (`editor/title` passes `{groupId}`).
 */
export function readArguments(args: readonly unknown[]): CommandCall {
  const [first, second, third] = args;
  const selected = Array.isArray(second) ? second.filter(isUriLike) : [];
  const variable = variableIn(first);
  if (variable !== undefined) return { uris: [], options: {}, fromCode: false, variable };
  const resources = args.flatMap(resourceIn);
  if (resources.length > 0) return { uris: unique(resources), options: {}, fromCode: false };
  const firstIsUri = isUriLike(first) || typeof first === 'string';
  const options = isOptions(third) ? third : !firstIsUri && isOptions(first) ? first : undefined;
  const named = options?.uri === undefined || options.uri === null ? [] : [options.uri];
  const distinct = unique(selected);
  const uris = selected.length > 0 ? distinct : firstIsUri ? [first] : named;
  const repeated = distinct.length < selected.length;
  return { uris, options: options ?? {}, fromCode: options !== undefined, ...(repeated ? { repeated } : {}) };
}

/** True for a `Uri` of VS Code and for its JSON. */
function isUriLike(value: unknown): value is UriLike {
  return isRecord(value) && typeof value.scheme === 'string' && typeof value.path === 'string';
}

/** The file of a `SourceControlResourceState`. */
function resourceIn(value: unknown): UriLike[] {
  return isRecord(value) && isUriLike(value.resourceUri) ? [value.resourceUri] : [];
}

/** Out of what VS Code passes from `debug/variables/context`. */
function variableIn(context: unknown): DebugVariable | undefined {
  if (!isRecord(context) || typeof context.sessionId !== 'string' || !isRecord(context.variable)) return undefined;
  const { value, evaluateName } = context.variable;
  if (typeof value !== 'string') return undefined;
  return { sessionId: context.sessionId, value, ...(typeof evaluateName === 'string' ? { evaluateName } : {}) };
}

function isOptions(value: unknown): value is CommandOptions {
  return isRecord(value) && !isUriLike(value) && typeof value.webview !== 'string';
}

function unique(uris: readonly UriLike[]): UriLike[] {
  return [...new Map(uris.map((uri) => [JSON.stringify([uri.scheme, uri.authority, uri.path, uri.query, uri.fragment]), uri])).values()];
}
