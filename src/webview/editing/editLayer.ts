import { html, LitElement, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { boxBetween, type Edges, movedBox, resizedBox } from '../../core/editing/boxes.ts';
import type { Edit } from '../../core/editing/edits.ts';
import type { Detection } from '../../core/inspection/inspection.ts';
import { boxInPixels, objectsAt } from '../result/objectsAt.ts';
import type { PageContext } from '../state/pageContext.ts';
import { HANDLES, type Point } from '../viewer/area.ts';
import { addObject, edit, selectedObject } from './correcting.ts';

/** CSS pixels that a pointer has to move before it changes anything. */
const CHANGES_FROM = 4;

/** What a pointer holds. */
interface Held {
  pointer: number;
  /** Image pixels. */
  from: Point;
  /** CSS pixels. */
  start: Point;
  moved: boolean;
  /** The step that a movement to a point of the picture comes to; undefined where it adds an object. */
  stepTo?(to: Point): Edit;
}

/** Over the picture while its objects are corrected: takes the pointer, and shows the handles of the selected object. */
export class EditLayer extends LitElement {
  static override properties = { page: { attribute: false }, drawn: { state: true } };
  declare page: PageContext | undefined;
  /** The corners of what is being added, in image pixels. */
  declare private drawn: [Point, Point] | undefined;
  #held: Held | undefined;
  #tookClick = false;

  constructor() {
    super();
    this.page = undefined;
    this.drawn = undefined;
  }

  protected override createRenderRoot() {
    return this;
  }

  get #size(): Size {
    return this.page?.session.images[0] ?? { width: 0, height: 0 };
  }

  protected override render(): TemplateResult {
    const { page } = this;
    const size = this.#size;
    const object = page && selectedObject(page);
    const shown = object && !page.hidden.ids.has(object.id) ? object : undefined;
    const added = this.drawn && boxBetween(...this.drawn, size);
    return html`<svg class="edit-layer" data-testid="edit-layer" aria-hidden="true" width=${size.width} height=${size.height}
      @pointerdown=${this.#down} @pointermove=${this.#move} @pointerup=${this.#up} @pointercancel=${this.#cancel}
      @click=${this.#click} @dblclick=${this.#doubleClick}>
      <rect class="edit-ground" width=${size.width} height=${size.height} />
      ${shown ? handles(shown, size) : nothing}
      ${added ? svg`<rect class="frame-casing" x=${added.x} y=${added.y} width=${added.width} height=${added.height} /><rect class="area" x=${added.x} y=${added.y} width=${added.width} height=${added.height} />` : nothing}
    </svg>`;
  }

  #point({ clientX, clientY }: MouseEvent): Point {
    const { left, top, width, height } = (this.firstElementChild as Element).getBoundingClientRect();
    const size = this.#size;
    return { x: ((clientX - left) / width) * size.width, y: ((clientY - top) / height) * size.height };
  }

  #objectAt({ x, y }: Point): Detection | undefined {
    const { page } = this;
    if (!page) return undefined;
    const seen = page.shown.objects.map(({ detection }) => detection).filter(({ id }) => !page.hidden.ids.has(id));
    const targets = seen.map((detection) => ({ id: detection.id, box: boxInPixels(detection, this.#size) }));
    const found = objectsAt(targets, x, y, 4 * this.#perPixel).map(({ id }) => id);
    const { selected } = page.state;
    const id = selected !== undefined && found.includes(selected) ? selected : found[0];
    return seen.find((detection) => detection.id === id);
  }

  /** Image pixels for one CSS pixel. */
  get #perPixel(): number {
    return this.#size.width / (this.firstElementChild as Element).getBoundingClientRect().width;
  }

  readonly #down = (event: PointerEvent): void => {
    this.#tookClick = false;
    const { page } = this;
    if (!page || event.button !== 0 || this.#held) return;
    const from = this.#point(event);
    const selected = selectedObject(page);
    const held = selected && heldHandle(event.target as Element, selected, from, this.#size);
    const under = held || event.shiftKey ? undefined : this.#objectAt(from);
    // Fingers move and zoom the picture where they do not hold the selected object.
    if (event.pointerType === 'touch' && !held && under?.id !== page.state.selected) return;
    const stepTo = held ?? (under && moving(under, from, this.#size));
    if (under && under.id !== page.state.selected) page.dispatch({ type: 'select', id: under.id });
    this.#held = {
      pointer: event.pointerId,
      from,
      start: { x: event.clientX, y: event.clientY },
      moved: false,
      ...(stepTo && { stepTo }),
    };
    // What was selected with this press must not be passed over by its click.
    this.#tookClick = held !== undefined || (under !== undefined && under.id !== selected?.id);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    event.stopPropagation();
  };

  readonly #move = (event: PointerEvent): void => {
    const { page } = this;
    const held = this.#held;
    if (!page || held?.pointer !== event.pointerId) return;
    event.stopPropagation();
    held.moved ||= Math.hypot(event.clientX - held.start.x, event.clientY - held.start.y) >= CHANGES_FROM;
    if (!held.moved) return;
    const to = this.#point(event);
    if (held.stepTo) page.dispatch({ type: 'preview', edit: held.stepTo(to) });
    else this.drawn = [held.from, to];
  };

  readonly #up = (event: PointerEvent): void => {
    const { page } = this;
    const held = this.#held;
    if (!page || held?.pointer !== event.pointerId) return;
    this.#held = undefined;
    this.drawn = undefined;
    if (!held.moved) return;
    this.#tookClick = true;
    const to = this.#point(event);
    if (held.stepTo) {
      const step = held.stepTo(to);
      edit(page, step, saidOf(step));
    } else {
      addObject(page, boxBetween(held.from, to, this.#size));
      page.focusLabel();
    }
  };

  readonly #cancel = (): void => {
    this.#held = undefined;
    this.drawn = undefined;
    this.page?.dispatch({ type: 'preview', edit: undefined });
  };

  readonly #click = (event: MouseEvent): void => {
    if (this.#tookClick) event.stopPropagation();
    this.#tookClick = false;
  };

  /** On an object it asks for its label, elsewhere it does what it always does. */
  readonly #doubleClick = (event: MouseEvent): void => {
    const object = this.#objectAt(this.#point(event));
    if (!object) return;
    event.stopPropagation();
    this.page?.dispatch({ type: 'select', id: object.id });
    this.page?.focusLabel();
  };
}

function saidOf(step: Edit): string {
  if (step.kind === 'resize') return t('{0} by {1} pixels', step.box.width, step.box.height);
  return step.kind === 'move' ? t('x {0}, y {1}', step.box.x, step.box.y) : t('Corner moved.');
}

function moving({ id, pixelBox }: Detection, from: Point, size: Size): (to: Point) => Edit {
  return (to) => ({ kind: 'move', id, box: movedBox(pixelBox, to.x - from.x, to.y - from.y, size) });
}

/** What dragging the handle or corner under the pointer does; undefined if there is none. */
function heldHandle(target: Element, { id, pixelBox }: Detection, from: Point, size: Size): ((to: Point) => Edit) | undefined {
  const edges = target.getAttribute('data-edges') as Edges | null;
  if (edges) return (to) => ({ kind: 'resize', id, box: resizedBox(pixelBox, edges, to.x - from.x, to.y - from.y, size) });
  const corner = target.getAttribute('data-corner');
  return corner === null ? undefined : ({ x, y }) => ({ kind: 'corner', id, at: Number(corner), to: [x, y] });
}

/** Eight on the box, and one on each corner of a polygon. A point has none: it is moved by itself. */
function handles(detection: Detection, size: Size): SVGTemplateResult | typeof nothing {
  if (detection.point) return nothing;
  const { x, y, width, height } = boxInPixels(detection, size);
  // Where boxes are not drawn, such as under masks, it says what the handles hold.
  const frame = svg`<rect class="frame-casing" x=${x} y=${y} width=${width} height=${height} /><rect class="edit-frame" x=${x} y=${y} width=${width} height=${height} />`;
  const along = (edges: string, low: string, high: string) => (edges.includes(low) ? 0 : edges.includes(high) ? 1 : 0.5);
  const corners = detection.mask?.kind === 'polygon' ? detection.mask.points : [];
  return svg`${frame}${HANDLES.map((edges) => svg`<circle class="handle ${edges}" data-edges=${edges} cx=${x + width * along(edges, 'w', 'e')} cy=${y + height * along(edges, 'n', 's')} />`)}
    ${corners.map(([cx, cy], index) => svg`<circle class="handle corner" data-corner=${index} cx=${cx * size.width} cy=${cy * size.height} />`)}`;
}

customElements.define('edit-layer', EditLayer);
