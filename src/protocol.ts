import type { FailureAction, FailureView } from './core/base/failure.ts';
import type { CorrectionDraft } from './core/editing/editHistory.ts';
import type { Edit } from './core/editing/edits.ts';
import type { Alignment, ImageDifference } from './core/inspection/imageDifference.ts';
import type { PartOfImage } from './core/inspection/imageParts.ts';
import type { Box, Inspection, SentBody, SentRequest, SentThinking, Task } from './core/inspection/inspection.ts';
import type { RunningTask } from './core/inspection/runningTask.ts';
import type { VersionResults } from './core/inspection/versionResults.ts';
import type { AskedSpeed } from './core/models/speed.ts';
import type { PlaceInSet } from './core/sets/inspectionSet.ts';
import type { CostBasis } from './core/usage/costBasis.ts';

/** A picture of the session, as the page shows it. */
export interface SessionImage {
  uri: string;
  /** What runs call it instead: of an image from the web, its address. */
  addresses?: string[];
  /** File name, for people. Untrusted text: never markup. */
  name: string;
  /** Where the page loads the pixels from: a webview URI; empty while they are being made ready. */
  src: string;
  /** Upright pixels; 0 while the header has not been read or cannot be. */
  width: number;
  height: number;
  /** Of the file. */
  bytes: number;
  /** Why the picture cannot be read, if so. */
  problem?: FailureView;
  /** What is wrong with a picture of which a part can be seen, for people. */
  flaw?: string;
  /** What may make the picture hard to read for a model, for people. */
  hint?: string;
}

/** How the picture and what is drawn over it look; kept for the workspace. */
export interface Appearance {
  /** Opacity of masks' insides, of lines and of tags, 0..1. */
  fill: number;
  outline: number;
  labels: number;
  /** Values of a mask above it are object, 0..254; unset: as the setting says. */
  threshold?: number | undefined;
  colourBy: 'label' | 'object';
  /** Behind transparent pixels. */
  background: 'theme' | 'checkerboard' | 'black' | 'white';
  /** Whether place and colour under the pointer are shown. */
  readout: boolean;
}

/** What is sent, told before it goes, or after. */
export interface SendReview {
  /** Tells one review from another: answers name it. */
  id: string;
  /** `ask`: the host waits for an answer; `look`: what running the prompt would send; `past`: what was sent for the shown run. */
  kind: 'ask' | 'look' | 'past';
  /** Of `ask`: whether not to ask again can be chosen. */
  canRemember?: true;
  /** Why it cannot be sent. */
  failure?: FailureView;
  /** In the order sent; empty while they are being made ready. */
  pictures: SentPicture[];
  task: Task;
  /** True where the tokens are counted, and nothing else is done. */
  isCount?: true;
  prompt: string;
  model: string;
  /** All words of the request in their order; unset for what an earlier version stored. */
  texts?: SentRequest['texts'];
  /** True where long texts are cut here; they were sent whole. */
  textsCut?: true;
  /** How far the model is to think, where that is known. */
  thinking?: SentThinking;
  /** Tokens and US dollars, as billed for the past; then of the answer as well. */
  cost?: { image?: number; prompt?: number; output?: number; thoughts?: number; usd?: number };
  /** US dollars of today, and the limit that stops or warns; 0 for none. */
  budget?: { spent: number; limit: number };
  /** An http(s) address, and where the key comes from. Unset for what an earlier version stored. */
  destination?: { address: string; key?: 'secretStorage' | 'environment' };
  /** Sizes in which the first picture can be sent, where that can still be chosen. */
  sizes?: SentSize[];
}

/** A size to choose, and what it comes to; `bytes` are unset while they are being found out. */
export interface SentSize {
  /** 0: as it is. */
  maxDimension: number;
  width: number;
  height: number;
  tokens: number;
  bytes?: number;
}

/** A picture as it is sent. */
export interface SentPicture {
  /** Where the page loads it from: a webview URI; empty where it cannot be shown. */
  src: string;
  /** Of the file, for people. */
  name: string;
  /** Upright pixels of the file's picture. */
  width: number;
  height: number;
  sent: SentBody;
  /** What becomes of what the file says about place, camera and date; unset where nobody knows any more. */
  metadata?: 'none' | 'cut' | 'unknown';
  /** The address from which Google fetches it. */
  url?: string;
  /** Why it cannot be shown. */
  problem?: string;
}

/** Everything the page shows. The host owns it; the page owns zoom, hover, selection and toggles. */
export interface SessionState {
  /** First the one the editor was opened on; then those that runs compare it with. */
  images: SessionImage[];
  /** Oldest first. */
  runs: Inspection[];
  /** Set where objects can be checked: US dollars for one million tokens of that, where known. */
  checking?: { inputPrice?: number };
  /** Ids of the runs that are samples: the answer was written by us, and nothing was sent. */
  samples?: string[];
  /** Id of the run that is shown; unset: the task chooser. */
  shown?: string;
  running?: RunningTask;
  failure?: FailureView;
  /** A quiet line after a task, such as "Cancelled. 6 objects kept." */
  note?: string;
  /** A task the user chose elsewhere and has to give words for: the prompt takes it and the focus. */
  draft?: { task: Task; query: string };
  /** What is or would be sent; unset while nobody looks at it. */
  review?: SendReview;
  /** Tasks that can be run, in the order of their keys. */
  tasks: Task[];
  model: string;
  cost?: CostBasis;
  hasKey: boolean;
  maskThreshold: number;
  /** What is blacked out in every copy of the first image that is sent, in fractions of it. */
  covered?: Box[];
  /** The speed that is asked for; unset where there is only one. */
  speed?: AskedSpeed;
  /** Whether descriptions and answers come with the places of what they name. */
  pointInAnswers: boolean;
  /** The longest side with which it is sent, in pixels; 0: as it is. */
  sendAt?: number;
  /** Somebody asked elsewhere for its objects to be corrected: the page begins that once it can. */
  correct?: true;
  /** The first image is looked at beside a newer one, by its address, without a run; `id` tells one such wish from the next. `objects`: results of both, if there are some. */
  pair?: { id: number; newer: string; objects?: VersionResults };
  inSet?: PlaceInSet;
  /** As it was left in this workspace. */
  appearance?: Appearance;
  /** Prompts that were saved under a name, for the tasks that can be run. */
  savedPrompts?: readonly NamedPrompt[];
  /** Lists of labels that were used in this workspace, the latest first. */
  labelLists?: readonly string[];
  /** Labels that a person gave to objects in this workspace, the latest first. */
  givenLabels?: readonly string[];
  /** Corrections that earlier pages of the image have left unsaved. */
  drafts?: readonly CorrectionDraft[];
  /** Translations by English text. */
  translations?: Record<string, string>;
}

/** A saved prompt as the page offers it. */
export interface NamedPrompt {
  name: string;
  task: Task;
  /** As it is typed into the prompt. */
  query: string;
  /** True where it stands in the settings of the workspace, which may be from anyone. */
  ofWorkspace?: true;
}

/** A picture to make of the session's image, in its own pixels. */
export type PictureRequest =
  | { kind: 'whole' }
  /** With everything drawn on it. */
  | { kind: 'overlay'; run: string }
  /** The box of an object, or the object alone with transparency around it. */
  | { kind: 'crop' | 'cutOut'; run: string; detection: string }
  /** In fractions of the first image. */
  | { kind: 'part'; region: Box };

/** What can be done with an object, by menu or key. */
export const OBJECT_ACTIONS = [
  'zoom',
  'ask',
  'segment',
  'useRegion',
  'cover',
  'copyLabel',
  'copyBoxPixels',
  'copyBoxFractions',
  'copyBoxThousandths',
  'copyCrop',
  'copyCutOut',
  'sendToChat',
  'hide',
  'hideLabel',
  'showOnly',
  'showInRaw',
] as const;
export type ObjectAction = (typeof OBJECT_ACTIONS)[number];

/** Of a pasted file: more is not handed from a page to the host. */
export const MOST_PASTED_BYTES = 200e6;

export type ToWebviewMessage =
  /** The whole state: after `ready`, and whenever something other than progress changed. */
  | { type: 'state'; state: SessionState }
  /** Only the running task changed. Its `detections` are those that are new since the last message; the page adds them. */
  | { type: 'progress'; running: RunningTask }
  /** The answer to `makePicture`: a PNG; none if it could not be made, of which the host has told. */
  | { type: 'picture'; request: number; png?: Uint8Array<ArrayBuffer> }
  /** The answer to `difference`: what changed, and the pixels that differ as a PNG over a box of the newer picture (its pixels); or why it is not known. */
  | {
      type: 'difference';
      request: number;
      difference?: ImageDifference;
      pixels?: { png: Uint8Array<ArrayBuffer>; box: Box };
      problem?: FailureView;
    }
  /** A picture to be copied, as if the user had asked for that. */
  | { type: 'copyPicture'; picture: PictureRequest }
  /** A command of VS Code (key or menu) for the view. */
  | { type: 'view'; action: ViewAction }
  /** A menu item of VS Code for an object. */
  | { type: 'object'; action: ObjectAction; id: string };

export type FromWebviewMessage =
  /** The page has loaded; the answer is `state`. */
  | { type: 'ready' }
  /** Runs a task on the first image; a comparison on all images of the shown run; a question that follows a run on the images of that run. `region`: the part of the first image that is sent, in fractions of it; `parts`: of a comparison what is sent in place of the whole images. */
  | { type: 'run'; task: Task; query: string; follows?: string; region?: Box; parts?: PartOfImage[] }
  /** All of what is to be blacked out in the first image whenever it is sent, in fractions of it. */
  | { type: 'cover'; areas: Box[] }
  /** Opens the review of what running the prompt would send. */
  | { type: 'showSent'; task: Task; query: string; follows?: string; region?: Box; parts?: PartOfImage[] }
  /** Opens the review of what was sent for a run. */
  | { type: 'showPast'; run: string }
  /** Closes the review; the answer, where it waits for one. */
  | { type: 'closeReview'; review: string; send: boolean; remember: boolean }
  /** The longest side with which it is to be sent, in pixels; 0: as it is. */
  | { type: 'sendAt'; maxDimension: number }
  | { type: 'speed'; speed: AskedSpeed }
  /** Whether descriptions and answers come with the places of what they name. */
  | { type: 'pointInAnswers'; on: boolean }
  /** Saves the words of a run under a name that the user gives. */
  | { type: 'savePrompt'; run: string }
  /** The page has taken the draft, or begun to correct as it was asked to. */
  | { type: 'draftTaken' | 'correctTaken' }
  | { type: 'cancel' }
  /** Opens the next image of the set, or the one before. `judged`: what the user says of this one. */
  | { type: 'stepInSet'; step: 1 | -1; judged?: 'accepted' | 'rejected' }
  | { type: 'backToSet' }
  /** Ends the wait before another attempt. */
  | { type: 'tryNow' }
  /** Show an earlier run, or none. */
  | { type: 'show'; run: string | undefined }
  | { type: 'deleteRun'; run: string }
  /** Stores the run as a person has corrected it, beside it; without a run, what the person alone has found. */
  | { type: 'saveCorrections'; run: string; edits: Edit[] }
  /** All corrections of the image that are not saved, whenever they have changed: a page may be gone without a word. */
  | { type: 'drafts'; drafts: readonly CorrectionDraft[] }
  /** Stores what at least so many of the runs that asked what this one asked have found. `threshold`: of masks, 0..255. */
  | { type: 'keepConsensus'; run: string; least: number; threshold: number }
  /** Asks for the objects of the two images that are looked at beside each other, where they are not known. */
  | { type: 'detectInBoth' }
  /** Has the objects of a run checked. */
  | { type: 'verify'; run: string }
  /** Makes the request of a run several times more; the host asks how often. */
  | { type: 'repeat'; run: string }
  /** The request of a run as source text, on the clipboard. */
  | { type: 'copyAsCode'; run: string }
  /** The user has changed how things look. */
  | { type: 'appearance'; appearance: Appearance }
  /** Appends the words of a run to the commit message of its images' repository. */
  | { type: 'insertIntoCommit'; run: string }
  /** Which objects of a run are hidden, by hand or by the filter: an export asks whether they go along. */
  | { type: 'hidden'; run: string; ids: string[] }
  /** Results of a run as files; the host asks for format and folder. */
  | { type: 'export'; run: string }
  /** For the clipboard, which only the page can put pictures into. */
  | { type: 'makePicture'; request: number; picture: PictureRequest }
  /** What changed between two images of the session, the older first, by their addresses. Nothing is sent; what was asked before is given up. */
  | { type: 'difference'; request: number; uris: [string, string]; alignment: Alignment }
  /** Attaches a part of the image, or the crop of an object, to VS Code's chat; the answer is `copyPicture` where there is none. */
  | { type: 'sendToChat'; picture: PictureRequest }
  /** A picture is in the clipboard now. */
  | { type: 'pictureCopied'; picture: PictureRequest }
  /** Where the page may not use the clipboard: the host asks where to save the picture. */
  | { type: 'savePicture'; picture: PictureRequest }
  /** The file in the clipboard, to be opened as an image; without bytes there is none, or one of more than `MOST_PASTED_BYTES`. */
  | { type: 'pasteImage'; bytes?: Uint8Array<ArrayBuffer>; size: number }
  /** A button of a message. `tryAgain` runs the failed or shown task again; `textCopied`: the page itself has put a text into the clipboard. */
  | {
      type: 'act';
      action: FailureAction | 'openSample' | 'openTerms' | 'copyText' | 'textCopied' | 'openText' | 'changeKeys';
      text?: string;
    }
  /** True while single keys may act on the view: no field, popover or menu has focus. */
  | { type: 'viewFocus'; focused: boolean };

export type ViewAction =
  | 'zoomIn'
  | 'zoomOut'
  | 'fit'
  | 'actualSize'
  | 'toggleMasks'
  | 'toggleBoxes'
  | 'toggleLabels'
  | 'togglePoints'
  | 'togglePanel'
  | 'toggleRaw'
  | 'compareShown'
  | 'earlierRun'
  | 'laterRun'
  | 'nextImage'
  | 'previousImage'
  | 'acceptImage'
  | 'rejectImage'
  | 'backToSet'
  | 'toggleAppearance'
  | 'correct'
  | 'toggleTokenGrid'
  | 'focusFilter'
  | 'copyImage'
  | 'showKeys'
  | 'nextObject'
  | 'previousObject'
  | 'nextStacked'
  | 'chooseRegion'
  | 'showSent'
  | 'focusPrompt' /** Chooses a task and gives the focus to the prompt. */
  | `task:${Task}`;
