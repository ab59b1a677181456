import type { Alignment } from '../../core/inspection/imageDifference.ts';
import type { Box, Task } from '../../core/inspection/inspection.ts';
import type { Appearance, SessionState } from '../../protocol.ts';
import { NO_FILTER, type ObjectFilter, type Sort } from '../result/objectFilter.ts';
import { isObjectTask } from '../result/shownResult.ts';
import type { Comparing, PictureMode, Side } from '../result/types.ts';
import { type CorrectionAction, type Corrections, NO_CORRECTIONS, reduceCorrections } from './corrections.ts';
import type { Middle } from './view.ts';

/** How a picture and what is drawn over it look, until the user wants it otherwise. */
export const INITIAL_APPEARANCE: Appearance = {
  fill: 0.35,
  outline: 1,
  labels: 1,
  colourBy: 'label',
  background: 'checkerboard',
  readout: true,
};

export type { Appearance };

export const LAYERS = ['masks', 'boxes', 'labels', 'points'] as const;
export type Layer = (typeof LAYERS)[number];

export type PanelSide = 'width' | 'height';
export type Tab = 'image' | 'results';

/** What the page itself owns; the session comes from the host. */
export interface PageState extends Corrections {
  /** Key of the result that is shown (see `shownResult`); a change starts with a clean selection. */
  shown: string;
  layers: Readonly<Record<Layer, boolean>>;
  appearance: Appearance;
  /** The overlay is hidden while a key or button is held. */
  overlayHidden: boolean;
  /** Whether the tiles that the model sees are drawn. */
  tokenGrid: boolean;
  selected: string | undefined;
  hovered: string | undefined;
  /** Ids of objects that a phrase names, while it is pointed at. */
  lit: readonly string[];
  /** Runs that are compared, in place of the shown one. */
  comparing: Comparing | undefined;
  /** How the pictures of a comparison of images stand. */
  pictures: PictureMode;
  /** How pictures of different sizes lie over each other to be compared pixel by pixel. */
  alignment: Alignment;
  /** While a key or button is held: which of two is seen. */
  blink: Exclude<Side, 'both'> | undefined;
  /** Ids of hidden objects, one list for each step of hiding, so that a step can be undone. */
  hidden: readonly (readonly string[])[];
  filter: ObjectFilter;
  sort: Sort;
  /** Names of the groups of the list that are folded. */
  folded: readonly string[];
  panel: boolean;
  /** The user's size of the panel in CSS pixels: its width beside the picture, its height under it. */
  panelSize: Readonly<Record<PanelSide, number | undefined>>;
  /** Where there is room for only one of them. */
  tab: Tab;
  raw: boolean;
  /** The place in the reply that the raw reply was opened at, from 0. */
  rawPlace: number | undefined;
  /** The part of the picture that is looked at; undefined: all of it. */
  middle: Middle | undefined;
  /** How far the list is scrolled, in CSS pixels. */
  scroll: number;
  task: Task;
  query: string;
  /** The part of the picture that is sent, in fractions of it; undefined: all of it. */
  region: Box | undefined;
  /** What is being laid over something private, in fractions of the picture. */
  cover: Box | undefined;
  /** The place of the picture that the review of what is sent shows. */
  sentPicture: number;
  /** Whether that review shows all words of the request. */
  allText: boolean;
  /** Whether an agreement to send is to hold for later. */
  remember: boolean;
  /** The region is being placed: arrows and drags change it. */
  placing: boolean;
}

export type PageAction =
  | CorrectionAction
  /** `boxes`: whether they are drawn to begin with. */
  | { type: 'shown'; key: string; task: Task | undefined; prompt: string; boxes: boolean }
  | { type: 'select' | 'hover'; id: string | undefined }
  | { type: 'light'; ids: readonly string[] }
  /** `boxes`: whether they are drawn to begin with. */
  | { type: 'compare'; comparing: Comparing | undefined; boxes: boolean }
  | { type: 'side'; side: Side }
  | { type: 'pictures'; mode: PictureMode }
  | { type: 'align'; alignment: Alignment }
  | { type: 'blink'; seen: PageState['blink'] }
  | { type: 'toggleLayer'; layer: Layer }
  /** Changes a part of the appearance. */
  | { type: 'appearance'; appearance: Partial<Appearance> }
  | { type: 'hideOverlay'; hidden: boolean }
  | { type: 'hide' | 'unhide'; ids: readonly string[] }
  /** Changes a part of the filter. */
  | { type: 'filter'; filter: Partial<ObjectFilter> }
  | { type: 'sort'; sort: Sort }
  | { type: 'fold'; group: string; folded: boolean }
  | { type: 'undoHide' | 'showAll' | 'togglePanel' | 'toggleRaw' | 'toggleTokenGrid' }
  | { type: 'panelSize'; side: PanelSide; size: number | undefined }
  | { type: 'tab'; tab: Tab }
  | { type: 'showInRaw'; place: number }
  | { type: 'middle'; middle: Middle | undefined }
  | { type: 'scroll'; scroll: number }
  /** Changes the region, or the cover where one is being laid. */
  | { type: 'area'; area: Box }
  | { type: 'region'; region: Box | undefined; placing: boolean }
  | { type: 'placed' }
  /** Another review of what is sent, or none. */
  | { type: 'review' }
  | { type: 'sentPicture'; place: number }
  | { type: 'allText'; open: boolean }
  | { type: 'remember'; on: boolean }
  | { type: 'cover'; cover: Box | undefined }
  | { type: 'task'; task: Task }
  | { type: 'query'; query: string };

export const INITIAL_STATE: PageState = {
  shown: '',
  layers: { masks: true, boxes: true, labels: true, points: true },
  appearance: INITIAL_APPEARANCE,
  overlayHidden: false,
  tokenGrid: false,
  selected: undefined,
  hovered: undefined,
  lit: [],
  comparing: undefined,
  pictures: 'auto',
  alignment: 'corner',
  blink: undefined,
  hidden: [],
  filter: NO_FILTER,
  sort: 'reply',
  folded: [],
  panel: true,
  panelSize: { width: undefined, height: undefined },
  tab: 'image',
  raw: false,
  rawPlace: undefined,
  middle: undefined,
  scroll: 0,
  task: 'caption',
  query: '',
  region: undefined,
  cover: undefined,
  placing: false,
  sentPicture: 0,
  allText: false,
  remember: true,
  ...NO_CORRECTIONS,
};

/** Another result begins like this. */
const AFRESH = {
  selected: undefined,
  hovered: undefined,
  lit: [],
  hidden: [],
  filter: NO_FILTER,
  folded: [],
  raw: false,
  rawPlace: undefined,
  scroll: 0,
  editing: false,
  preview: undefined,
} satisfies Partial<PageState>;

/** The state after an action; the same object if nothing changed. */
export function reduce(state: PageState, action: PageAction): PageState {
  switch (action.type) {
    case 'shown':
      if (action.key === state.shown) return state;
      return {
        ...state,
        shown: action.key,
        // Boxes would hide what masks show; the other layers stay as the user left them.
        layers: { ...state.layers, boxes: action.boxes },
        ...AFRESH,
        comparing: undefined,
        // Words are not on the picture.
        tab: action.task === undefined || isObjectTask(action.task) ? state.tab : 'results',
        task: action.task ?? state.task,
        // What has been answered need not be asked again; the Up key brings it back.
        query: state.query.trim() === action.prompt ? '' : state.query,
      };
    case 'select':
      if (state.selected === action.id) return state;
      // Among the changes no objects are drawn: the picture that holds it is shown.
      return {
        ...state,
        selected: action.id,
        pictures: action.id !== undefined && state.pictures === 'difference' ? 'auto' : state.pictures,
      };
    case 'hover':
      return state.hovered === action.id ? state : { ...state, hovered: action.id };
    case 'light':
      return state.lit.length === 0 && action.ids.length === 0 ? state : { ...state, lit: action.ids };
    case 'compare':
      return { ...state, ...AFRESH, comparing: action.comparing, layers: { ...state.layers, boxes: action.boxes } };
    case 'side':
      return state.comparing?.kind === 'runs' ? { ...state, comparing: { ...state.comparing, side: action.side } } : state;
    case 'pictures':
      return { ...state, pictures: action.mode, selected: action.mode === 'difference' ? undefined : state.selected };
    case 'align':
      return { ...state, alignment: action.alignment };
    case 'blink':
      return state.blink === action.seen ? state : { ...state, blink: action.seen };
    case 'toggleLayer':
      return { ...state, layers: { ...state.layers, [action.layer]: !state.layers[action.layer] } };
    case 'appearance':
      return { ...state, appearance: { ...state.appearance, ...action.appearance } };
    case 'hideOverlay':
      return state.overlayHidden === action.hidden ? state : { ...state, overlayHidden: action.hidden };
    case 'hide':
      return {
        ...state,
        hidden: [...state.hidden, action.ids],
        selected: state.selected !== undefined && action.ids.includes(state.selected) ? undefined : state.selected,
        hovered: undefined,
      };
    case 'unhide':
      return { ...state, hidden: state.hidden.map((step) => step.filter((id) => !action.ids.includes(id))) };
    case 'undoHide':
      return state.hidden.length === 0 ? state : { ...state, hidden: state.hidden.slice(0, -1), selected: state.hidden.at(-1)?.[0] };
    case 'showAll':
      return { ...state, hidden: [], filter: NO_FILTER };
    case 'filter':
      return { ...state, filter: { ...state.filter, ...action.filter } };
    case 'sort':
      return { ...state, sort: action.sort };
    case 'fold': {
      const others = state.folded.filter((group) => group !== action.group);
      return { ...state, folded: action.folded ? [...others, action.group] : others };
    }
    case 'togglePanel':
      return { ...state, panel: !state.panel };
    case 'toggleTokenGrid':
      return { ...state, tokenGrid: !state.tokenGrid };
    case 'toggleRaw':
      return { ...state, raw: !state.raw, rawPlace: undefined };
    case 'panelSize':
      return { ...state, panelSize: { ...state.panelSize, [action.side]: action.size } };
    case 'tab':
      return state.tab === action.tab ? state : { ...state, tab: action.tab };
    case 'showInRaw':
      return { ...state, raw: true, rawPlace: action.place };
    case 'middle':
      return state.middle === action.middle ? state : { ...state, middle: action.middle };
    case 'scroll':
      return state.scroll === action.scroll ? state : { ...state, scroll: action.scroll };
    case 'area':
      return state.cover ? { ...state, cover: action.area } : { ...state, region: action.area };
    case 'region':
      return { ...state, region: action.region, placing: action.placing, cover: undefined };
    case 'review':
      return { ...state, sentPicture: 0, allText: false, remember: true, placing: false };
    case 'sentPicture':
      return { ...state, sentPicture: action.place };
    case 'allText':
      return { ...state, allText: action.open };
    case 'remember':
      return { ...state, remember: action.on };
    case 'placed':
      return { ...state, placing: false };
    case 'cover':
      return { ...state, cover: action.cover, placing: false };
    case 'task':
      return { ...state, task: action.task };
    case 'query':
      return { ...state, query: action.query };
    default:
      return reduceCorrections(state, action);
  }
}

/** What earlier pages have left with the host: how things looked, and corrections that are not saved. */
export function actionsAtFirst({ appearance, drafts }: Pick<SessionState, 'appearance' | 'drafts'>): PageAction[] {
  return [
    ...(appearance ? [{ type: 'appearance' as const, appearance }] : []),
    ...(drafts ? [{ type: 'draftsKept' as const, drafts }] : []),
  ];
}

/** What is not worth keeping over a reload of the page. */
const TRANSIENT = {
  overlayHidden: false,
  hovered: undefined,
  hidden: [],
  rawPlace: undefined,
  cover: undefined,
  placing: false,
  lit: [],
  blink: undefined,
  preview: undefined,
} satisfies Partial<PageState>;
export type KeptState = Omit<PageState, keyof typeof TRANSIENT>;

export function keptState(state: PageState): KeptState {
  return { ...state, ...TRANSIENT };
}

/** Parts of the state that are kept for a reload, and not drawn. */
const UNSEEN: ReadonlySet<string> = new Set(['middle', 'scroll'] satisfies (keyof PageState)[]);

/** True if the page looks other with the one state than with the other. */
export function looksOther(now: PageState, before: PageState | undefined): boolean {
  return before === undefined || (Object.keys(now) as (keyof PageState)[]).some((key) => now[key] !== before[key] && !UNSEEN.has(key));
}
