import { LIVE_WIDTHS_UP_TO } from './drawing/drawing.ts';
import { Viewport } from './viewport.ts';

/** From here on one wants to see pixels, not a smoothed picture. */
const PIXELS_FROM = 3;

export interface StageEvents {
  /** How many objects are drawn. */
  drawn(): number;
  moved(scale: number): void;
  /** A movement has ended. */
  settled(): void;
}

/**
 * Zoom and pan of the stage, on which picture and overlay lie on a layer under one transform. `--k` is its scale for the style sheet.
 * While a gesture moves it, the stage is a layer of its own, which is moved without being drawn again. It is drawn in the size that its content has
 * without the stage's own transform, so for that time the layer takes over the scale that the gesture began with: a large picture is not drawn in full.
 */
export function stageViewport(surface: HTMLElement, stage: HTMLElement, events: StageEvents): Viewport {
  const layer = stage.firstElementChild as HTMLElement;
  let classes = '';
  let shown = 1;
  /** The scale of the layer. */
  let base = 1;
  const transform = () => {
    const { x, y, k } = viewport.view;
    stage.style.transform = `translate(${x}px, ${y}px) scale(${k / base})`;
  };
  const setBase = (scale: number) => {
    base = scale;
    layer.style.transform = scale === 1 ? '' : `scale(${scale})`;
  };
  const viewport: Viewport = new Viewport(surface, {
    moved: ({ k }, glide) => {
      const wanted = `stage moving${glide ? ' glide' : ''}${k >= PIXELS_FROM ? ' pixelated' : ''}`;
      if (classes !== wanted) {
        if (!glide && !classes.includes('moving')) setBase(shown);
        classes = wanted;
        stage.className = classes;
      }
      transform();
      if (events.drawn() <= LIVE_WIDTHS_UP_TO) stage.style.setProperty('--k', String(k));
      events.moved(k);
    },
    settled: () => {
      classes = classes.replace(' moving', '');
      stage.className = classes;
      shown = viewport.view.k;
      if (base !== 1) {
        // When it stands still it is drawn sharp.
        setBase(1);
        transform();
      }
      stage.style.setProperty('--k', String(shown));
      events.settled();
    },
  });
  return viewport;
}
