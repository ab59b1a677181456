import type { PartOfImage } from '../../core/inspection/imageParts.ts';
import type { Task } from '../../core/inspection/inspection.ts';
import type { FromWebviewMessage, PictureRequest, SendReview, SessionState } from '../../protocol.ts';
import type { Comparing, PictureDifference, ShownResult } from '../result/types.ts';
import type { PageAction, PageState } from './pageState.ts';
import type { Hidden } from './visibility.ts';

/** What the parts of the page get to see and do. */
export interface PageContext {
  session: SessionState;
  /** The review of what is sent, while it is looked at. */
  review: SendReview | undefined;
  state: PageState;
  shown: ShownResult;
  hidden: Hidden;
  /** How many rows of the list are drawn so far. */
  rows: number;
  /** Takes an element that stands for rows which are not drawn yet. */
  watchRest(rest: Element | undefined): void;
  /** CSS pixels for one image pixel. */
  scale: number;
  dispatch(action: PageAction): void;
  post(message: FromWebviewMessage): void;
  /** Runs the task with the words, if it can be run. `parts`: of a comparison what is sent in place of the whole images. */
  run(task: Task, query: string, parts?: PartOfImage[]): void;
  /** Compares runs, or ends that. */
  compare(comparing: Comparing | undefined): void;
  /** Begins to compare the shown run, or ends that. */
  compareShown(): void;
  /** Shows one of two after the other for as long as it is on. */
  blink(on: boolean): void;
  /** What changed between the two pictures, where that is shown. */
  difference: {
    known: PictureDifference | undefined;
    /** The region that one has gone to, by its place. */
    at: number | undefined;
    go(place: number): void;
    /** Goes to the next region, or the one before. */
    step(by: 1 | -1): void;
  };
  /** Whether the pictures of a comparison stand one above the other where nobody chose how. */
  isAbove: boolean;
  /** Has the host keep how things look now. */
  keepAppearance(): void;
  /** Opens or closes the review of what running the prompt would send. */
  toggleSent(): void;
  /** Shows the dialog of all keys. */
  showKeys(): void;
  /** Opens or closes the choices of how things look. */
  toggleAppearance(): void;
  /** Whether only numbers have room over the picture. */
  numbersOnly: boolean;
  /** Puts a picture into the clipboard, or lets the user save it where that is not allowed. */
  copyPicture(picture: PictureRequest): void;
  focusPrompt(): void;
  /** Begins a question with these words. */
  ask(words: string): void;
  focusPicture(): void;
  focusList(): void;
  /** Shows the panel and gives its filter the focus. */
  focusFilter(): void;
  /** Hides or shows the panel; where only one of them has room, turns between it and the picture. */
  togglePanel(): void;
  /** Says something to screen readers. */
  say(text: string): void;
  /** Gives the focus to the field for the label of the selection. */
  focusLabel(): void;
  /** Says the zoom to screen readers. */
  announceZoom(): void;
  /** Zooms to an object, or back. */
  zoomTo(id: string): void;
  /** What the drawn masks say; undefined while it is not known. */
  masks: {
    /** Share of its box that an object covers, 0..1. */
    coverageOf(id: string | undefined): number | undefined;
    /** Share of the picture that these objects cover together, 0..1; without `ids` all. */
    share(ids?: readonly string[]): number | undefined;
    /** Whether another threshold would change them. */
    soft(): boolean;
  };
  /** For the view controls. */
  view: {
    zoomIn(): void;
    zoomOut(): void;
    fit(): void;
    fitWidth(): void;
    fitHeight(): void;
    actualSize(): void;
    zoomToScale(k: number): void;
  };
}
